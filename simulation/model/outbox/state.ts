import type { Variant } from '../variants.ts';
import { numbered } from '../words.ts';

export type Wrong = Variant<'outbox'> | undefined;

/** Four changes: two of one payment, in their order, and two of another one. */
export const changes = ['p1', 'p2', 'q1', 'q2'] as const;
export type ChangeName = (typeof changes)[number];
export const before = { p1: undefined, p2: 'p1', q1: undefined, q2: 'q1' } as const;

/** Of its transaction. `unpublished`: committed without its event, in a wrong variant alone. */
export const tx = numbered('none', 'running', 'committed', 'unpublished', 'unheard');

/**
 * Where a worker stands that runs the consumer. In `took` and `retrying` it holds the cursor's row, in a transaction;
 * `acked` and `acted` are half-way between two transactions, in wrong variants alone.
 */
export const at = numbered('away', 'took', 'retrying', 'acked', 'acted');

export const fields = {
  p1: 5,
  p2: 5,
  q1: 5,
  q2: 5,
  /** The numbers of their transactions: given when they begin to write, not when they commit. Kept dense. */
  p1No: 5,
  p2No: 5,
  q1No: 5,
  q2No: 5,
  /** The number up to which the consumer has dealt with the log. */
  cursor: 5,
  /** How often the effect of each is in force. */
  p1Effect: 3,
  p2Effect: 3,
  q1Effect: 3,
  q2Effect: 3,
  /** Passed over: its effect failed, or it waits behind one that did. */
  p1Parked: 2,
  p2Parked: 2,
  q1Parked: 2,
  q2Parked: 2,
  worker1: 5,
  worker2: 5,
  /** After which number each has begun to read. */
  worker1From: 5,
  worker2From: 5,
  /** The number of the last event of what each has read, or of what it tries again. */
  worker1To: 5,
  worker2To: 5,
};

export type State = Record<keyof typeof fields, number>;

export const start = Object.fromEntries(Object.keys(fields).map((name) => [name, 0])) as State;

export const no = { p1: 'p1No', p2: 'p2No', q1: 'q1No', q2: 'q2No' } as const;
export const effect = { p1: 'p1Effect', p2: 'p2Effect', q1: 'q1Effect', q2: 'q2Effect' } as const;
export const parked = { p1: 'p1Parked', p2: 'p2Parked', q1: 'q1Parked', q2: 'q2Parked' } as const;

export const workers = [
  { who: 'worker1', from: 'worker1From', to: 'worker1To', name: 'worker 1' },
  { who: 'worker2', from: 'worker2From', to: 'worker2To', name: 'worker 2' },
] as const;
export type Worker = (typeof workers)[number];

/** The change whose transaction has this number. */
export function numberedAs(s: State, number: number): ChangeName | undefined {
  return changes.find((change) => number > 0 && s[no[change]] === number);
}
