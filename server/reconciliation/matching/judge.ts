import type { discrepancyKinds } from '#db/schema/reconciliation.ts';
import type { lineKinds } from '#db/schema/reconciliation-files.ts';
import type { Cause } from './causes.ts';
import type { Rule } from './rules.ts';

export type DifferenceKind = (typeof discrepancyKinds)[number];
export type LineKind = (typeof lineKinds)[number];

/** A line beside the operation that a rule found for it. Minor units; days as UTC has them. */
export interface Pair {
  line: number;
  kind: LineKind;
  merchantId: string;
  paymentId: string;
  operationId: string;
  status: string;
  theirs: bigint;
  theirFee: bigint;
  theirCurrency: string;
  ours: bigint;
  /** Null where the provider's answer named none. */
  ourFee: bigint | null;
  ourCurrency: string;
  /** Days from the operation to its line. */
  days: number;
  /** Another line has the operation: of this file, or of one before. */
  taken: 'here' | 'before' | null;
}

export interface Difference {
  kind: DifferenceKind;
  cause: Cause;
  ours: bigint | null;
  theirs: bigint | null;
}

/** Kinds that keep a line from being posted: what it says of the money is not what our books say. */
export const blocking = ['amount', 'currency', 'status', 'duplicate'] as const satisfies readonly DifferenceKind[];

/**
 * How a line differs from its operation. Where the money differs, its fee does too, and is no difference of its own;
 * to be late is one beside all others.
 */
export function judge(pair: Pair, { tolerance, windowDays }: Pick<Rule, 'tolerance' | 'windowDays'>): Difference[] {
  const { ours, theirs, taken } = pair;
  if (taken) {
    return [{ kind: 'duplicate', cause: taken === 'here' ? 'line_repeated' : 'settled_twice', ours, theirs }];
  }
  const late = pair.days > windowDays;
  const money = ofMoney(pair, tolerance);
  return [...(money ? [money] : []), ...(late ? [{ kind: 'late', cause: 'settled_late', ours, theirs } as const] : [])];
}

function ofMoney(pair: Pair, tolerance: bigint): Difference | undefined {
  const { kind, ours, theirs, ourFee, theirFee, status } = pair;
  const both = { ours, theirs };
  if (status === 'absent') return { kind: 'status', cause: 'lost_response', ...both };
  // A refund that has come back is refused in the end.
  if (status === 'refused' && kind !== 'refund_returned') return { kind: 'status', cause: 'late_effect', ...both };
  if (pair.theirCurrency !== pair.ourCurrency) return { kind: 'currency', cause: 'converted', ...both };
  if (distance(ours, theirs) > tolerance) return { kind: 'amount', cause: causeOfAmount(pair), ...both };
  if (ourFee === null || distance(ourFee, theirFee) <= tolerance) return undefined;
  const cause = distance(ourFee, theirFee) <= rounding ? 'rounding' : 'fee_changed';
  return { kind: 'fee', cause, ours: ourFee, theirs: theirFee };
}

/** Minor units that arithmetic may lose. */
const rounding = 1n;

function causeOfAmount({ ours, theirs, ourFee, theirFee }: Pair): Cause {
  if (distance(ours, theirs) <= rounding) return 'rounding';
  const fee = ourFee ?? theirFee;
  return fee > 0n && theirs === ours - fee ? 'net_of_fee' : 'amount_changed';
}

function distance(a: bigint, b: bigint): bigint {
  return a < b ? b - a : a - b;
}
