import type { Book, BookRow } from './replay.ts';

/** What came of a comparison. */
export interface Compared {
  payments: number;
  postings: number;
  /** Payments whose log is too old to tell, and the first of them. Their postings were taken as they stand. */
  untold: number;
  firstUntold: { paymentId: string; seq: number } | undefined;
  /** The first posting that the log and the books do not agree on; either may be missing. */
  difference: { made: BookRow | undefined; found: BookRow | undefined } | undefined;
  /** Debits and credits by `merchant provider currency account`. */
  sums: Map<string, Sum>;
}

export interface Sum {
  debits: bigint;
  credits: bigint;
}

/** Compares what a log makes with what stands in the books, payment by payment, both in the order of the payments. */
export async function compareBooks(made: AsyncGenerator<Book>, found: AsyncGenerator<Book>): Promise<Compared> {
  const compared: Compared = {
    payments: 0,
    postings: 0,
    untold: 0,
    firstUntold: undefined,
    difference: undefined,
    sums: new Map(),
  };
  let [ours, theirs] = [await next(made), await next(found)];
  while (ours || theirs) {
    const isOurs = ours !== undefined && (!theirs || ours.paymentId <= theirs.paymentId);
    const isTheirs = theirs !== undefined && (!ours || theirs.paymentId <= ours.paymentId);
    compareOne(compared, isOurs ? ours : undefined, isTheirs ? theirs : undefined);
    if (isOurs) ours = await next(made);
    if (isTheirs) theirs = await next(found);
  }
  return compared;
}

async function next(books: AsyncGenerator<Book>): Promise<Book | undefined> {
  const { value, done } = await books.next();
  return done ? undefined : value;
}

function compareOne(compared: Compared, ours: Book | undefined, theirs: Book | undefined): void {
  compared.payments += 1;
  const found = theirs?.rows ?? [];
  if (ours?.untold !== undefined) {
    compared.untold += 1;
    compared.firstUntold ??= { paymentId: ours.paymentId, seq: ours.untold };
    add(compared, found);
    return;
  }
  const made = ours?.rows ?? [];
  add(compared, made);
  compared.difference ??= firstDifference(made, found);
}

function add(compared: Compared, rows: readonly BookRow[]): void {
  compared.postings += rows.length;
  for (const { merchant_id, provider, currency, debit, credit, amount } of rows) {
    const of = (account: string) => `${merchant_id} ${provider} ${currency} ${account}`;
    const [from, to] = [of(debit), of(credit)];
    const [taken, given] = [sumOf(compared.sums, from), sumOf(compared.sums, to)];
    taken.debits += BigInt(amount);
    given.credits += BigInt(amount);
  }
}

export function sumOf(sums: Map<string, Sum>, account: string): Sum {
  const known = sums.get(account) ?? { debits: 0n, credits: 0n };
  sums.set(account, known);
  return known;
}

/** In the order of the events; what an event posts has no order of its own. */
function firstDifference(made: readonly BookRow[], found: readonly BookRow[]): Compared['difference'] {
  const left = new Map<string, BookRow[]>();
  for (const row of found) left.set(wordsOf(row), [...(left.get(wordsOf(row)) ?? []), row]);
  const missing = made.filter((row) => !left.get(wordsOf(row))?.pop());
  const extra = [...left.values()].flat().toSorted((one, other) => one.seq - other.seq);
  const seq = Math.min(missing[0]?.seq ?? Number.POSITIVE_INFINITY, extra[0]?.seq ?? Number.POSITIVE_INFINITY);
  if (!Number.isFinite(seq)) return undefined;
  const at = (rows: readonly BookRow[], kind?: string) =>
    rows.find((row) => row.seq === seq && (kind === undefined || row.kind === kind));
  const first = at(missing);
  return { made: first, found: (first && at(extra, first.kind)) ?? at(extra) };
}

function wordsOf(row: BookRow): string {
  const { seq, merchant_id, kind, debit, credit, amount, currency, provider, at, reverses } = row;
  return [seq, merchant_id, kind, debit, credit, amount, currency, provider, Date.parse(at), reverses].join(' ');
}
