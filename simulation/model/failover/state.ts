import type { Variant } from '../variants.ts';
import { howMany, numbered, op, pay, said } from '../words.ts';

export type Wrong = Variant<'failover'> | undefined;

/** What the first provider can; the second one leaves no tombstones. */
export interface Setting {
  /** A cancel by key also blocks a request that arrives later. */
  tombstone: boolean;
  wrong?: Wrong;
}

/** Where somebody stands who carries an operation, or asks about one. */
export const at = numbered(
  'away',
  'opened',
  'waiting',
  'asked',
  'asked_late',
  'not_found',
  'not_found_late',
  'heard_yes',
  'heard_no',
  'heard_nothing',
  'told_paid',
  'told_failed',
);

/** An authorization at A, one at B, and the cancel that blocks the one at A. */
export const ops = ['a', 'b', 'x'] as const;
export type Op = (typeof ops)[number];
export const named = { a: 'the authorization at A', b: 'the authorization at B', x: 'the cancel at A' } as const;

/** One shopper's try, and two workers that sweep. */
export const carriers = [
  { who: 'try', on: 'tryOn', name: 'the try' },
  { who: 'worker1', on: 'worker1On', name: 'worker 1' },
  { who: 'worker2', on: 'worker2On', name: 'worker 2' },
] as const;
export type Carrier = (typeof carriers)[number];

export const fields = {
  state: howMany(pay),
  a: howMany(op),
  b: howMany(op),
  x: howMany(op),
  /** Nobody would take the charge; the payment waits for a provider. */
  queued: 2,
  /** The shopper waits no longer for A, or for B: it is not sent again. */
  aLate: 2,
  bLate: 2,
  /** A was sent more than once. */
  aResent: 2,
  bResent: 2,
  aUnderWay: 2,
  bUnderWay: 2,
  xUnderWay: 2,
  aSaid: howMany(said),
  bSaid: howMany(said),
  xSaid: howMany(said),
  /** A's tombstone: what arrives under that key does nothing. */
  blocked: 2,
  /** Authorizations that are really held. */
  aHeld: 3,
  bHeld: 3,
  try: howMany(at),
  tryOn: ops.length,
  worker1: howMany(at),
  worker1On: ops.length,
  worker2: howMany(at),
  worker2On: ops.length,
};

export type State = Record<keyof typeof fields, number>;

export const start = Object.fromEntries(Object.keys(fields).map((name) => [name, 0])) as State;

export const underWay = { a: 'aUnderWay', b: 'bUnderWay', x: 'xUnderWay' } as const;
export const answerTo = { a: 'aSaid', b: 'bSaid', x: 'xSaid' } as const;

/** What somebody carries or asks about. */
export function carried(s: State, { on }: Carrier): Op {
  return ops[s[on]] ?? 'a';
}

/** Stands nowhere, and carries nothing. */
export function away(s: State, { who, on }: Carrier): State {
  return { ...s, [who]: at.away, [on]: 0 };
}
