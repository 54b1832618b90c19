import type { Entry } from './entry.ts';

export const settlementKinds = ['capture', 'refund', 'chargeback', 'fee', 'payout', 'adjustment'] as const;

/** One line of a settlement file, before an acquirer puts it into its own columns. Integer minor units. */
export interface SettlementLine {
  kind: (typeof settlementKinds)[number];
  id: string;
  /** The capture that a refund, a chargeback or its fee is about. */
  capture: string;
  /** The merchant's idempotency key and reference; of what the merchant did not ask for empty. */
  key: string;
  reference: string;
  /** ISO 8601, UTC. */
  at: string;
  /** With a sign: what the merchant is given. Of a payout what leaves the account here. */
  gross: number;
  fee: number;
  currency: string;
  payout: string;
}

/** What makes a line unlike another acquirer's. */
export interface SettlementStyle {
  /** The business day of a moment: `2026-11-22`. */
  dayOf(at: Date): string;
  /** The name of the day's nth file, from 1. */
  fileName(day: string, nth: number): string;
  heading: string;
  /** Ends in the acquirer's own line ending, as `heading` and `end` do. */
  line(line: SettlementLine): string;
  /** The last line: without it the file was cut off. `lines` counts what stands between heading and end. */
  end(file: { name: string; at: string; lines: number }): string;
}

/** Minor units that each chargeback costs, of whatever currency. */
const chargebackFee = 1_500;

const signs = { capture: 1, refund: -1, chargeback: -1 } as const;

export type SettledEntry = Entry & { kind: keyof typeof signs };

/** Whether it moved money between the merchant and us. */
export function isSettled(entry: Entry): entry is SettledEntry {
  return entry.status === 'approved' && Object.hasOwn(signs, entry.kind);
}

export function lineOf(entry: SettledEntry): SettlementLine {
  const { kind, id, capture = '', origin, key, reference, at, amount, fee, currency } = entry;
  const gross = signs[kind] * amount;
  return { kind, id, capture, key: origin ? '' : key, reference, at, gross, fee, currency, payout: '' };
}

/** What a chargeback costs the merchant beside its amount, as a line of its own; undefined for all else. */
export function feeLineOf({ kind, id, capture, reference, at, currency }: SettlementLine): SettlementLine | undefined {
  if (kind !== 'chargeback') return undefined;
  const about = { capture, key: '', reference, at, currency, payout: '' };
  return { kind: 'fee', id: `fee_${id}`, ...about, gross: -chargebackFee, fee: 0 };
}

/** @param separator  Of the columns. @see RFC 4180, 2.5 to 2.7 */
export function csv(fields: readonly (string | number)[], separator: string): string {
  return fields
    .map((field) => {
      const text = String(field);
      return /["\r\n]/.test(text) || text.includes(separator) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(separator);
}
