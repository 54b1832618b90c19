import type { Cause } from '../matching/causes.ts';
import type { DifferenceKind } from '../matching/judge.ts';

/** An entry of a bank statement that brought money in. Minor units; days as `2026-03-01`. */
export interface Entry {
  line: number;
  bookedOn: string;
  amount: bigint;
  currency: string;
  remittance: string;
}

/** What a provider says it has paid out. */
export interface Payout {
  fileId: string;
  line: number;
  provider: string;
  ref: string;
  amount: bigint;
  currency: string;
  paidOn: string;
  /** An entry has it already. */
  taken: boolean;
}

export interface PaidEntry {
  entry: Entry;
  payout: Payout;
}

export interface EntryDifference {
  kind: DifferenceKind;
  cause: Cause;
  entry: Entry;
  payout: Payout | undefined;
}

/** Days that a transfer may take. */
export const window = 5;

/**
 * Which payout each entry is. An entry that names one in its remittance text is that one, whatever its amount; of those
 * that name none, an entry is the one payout of its amount, currency and days.
 */
export function matchPayouts(entries: readonly Entry[], payouts: readonly Payout[]) {
  const taken = new Set(payouts.filter((one) => one.taken));
  const matched: PaidEntry[] = [];
  const differences: EntryDifference[] = [];
  const take = (entry: Entry, payout: Payout) => {
    taken.add(payout);
    matched.push({ entry, payout });
    differences.push(...judged(entry, payout));
  };
  const unnamed = entries.filter((entry) => {
    const named = payouts.filter(({ ref }) => names(entry, ref));
    // The longest name that the text holds: `po_1` is a part of `po_12`.
    const payout = named.toSorted((a, b) => b.ref.length - a.ref.length)[0];
    if (!payout) return true;
    if (taken.has(payout)) differences.push({ kind: 'duplicate', cause: 'paid_twice', entry, payout });
    else take(entry, payout);
    return false;
  });
  for (const entry of unnamed) {
    const alike = payouts.filter((payout) => !taken.has(payout) && isAlike(entry, payout));
    const [only] = alike;
    if (only && alike.length === 1) take(entry, only);
    else differences.push({ kind: 'missing_here', cause: 'unknown_payout', entry, payout: undefined });
  }
  return { matched, differences };
}

/** Banks break remittance texts where they like, and write them in capitals. */
function names({ remittance }: Entry, ref: string): boolean {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return plain(ref).length >= 4 && plain(remittance).includes(plain(ref));
}

function isAlike(entry: Entry, payout: Payout): boolean {
  const days = daysBetween(payout.paidOn, entry.bookedOn);
  return entry.amount === payout.amount && entry.currency === payout.currency && days >= -1 && days <= window;
}

function judged(entry: Entry, payout: Payout): EntryDifference[] {
  const of = { entry, payout };
  if (entry.currency !== payout.currency) return [{ kind: 'currency', cause: 'converted', ...of }];
  if (entry.amount !== payout.amount) return [{ kind: 'amount', cause: 'amount_changed', ...of }];
  const late = daysBetween(payout.paidOn, entry.bookedOn) > window;
  return late ? [{ kind: 'late', cause: 'settled_late', ...of }] : [];
}

export function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}
