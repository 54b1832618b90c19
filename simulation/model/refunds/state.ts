import type { Variant } from '../variants.ts';
import { howMany, numbered, op, pay, said } from '../words.ts';

export type Wrong = Variant<'refunds'> | undefined;

export const captured = 10;
export const each = 4;

/**
 * Where somebody stands who asks for a refund, or asks about one. An answer that was given never changes, so hearing
 * and recording it are one step here; "not found" may be overtaken, so hearing that is a step of its own.
 */
export const at = numbered('away', 'looked', 'opened', 'waiting', 'asked', 'asked_late', 'not_found', 'not_found_late');

export const refunds = ['r1', 'r2', 'r3'] as const;
export type Refund = (typeof refunds)[number];

/** Who asked for each refund and carries it; and a worker that sweeps. */
export const askers = { r1: 'asker1', r2: 'asker2', r3: 'asker3' } as const;
export const underWay = { r1: 'underWay1', r2: 'underWay2', r3: 'underWay3' } as const;
export const answerTo = { r1: 'said1', r2: 'said2', r3: 'said3' } as const;

export const resent = { r1: 'resent1', r2: 'resent2', r3: 'resent3' } as const;

export const fields = {
  state: howMany(pay),
  refunded: 16,
  reserved: 16,
  /** What has really left the provider, who does not police the sum. */
  gone: 16,
  r1: howMany(op),
  r2: howMany(op),
  r3: howMany(op),
  said1: howMany(said),
  said2: howMany(said),
  said3: howMany(said),
  underWay1: 2,
  underWay2: 2,
  underWay3: 2,
  /** Sent more than once: what one send did not do, another one may have done. */
  resent1: 2,
  resent2: 2,
  resent3: 2,
  asker1: howMany(at),
  asker2: howMany(at),
  asker3: howMany(at),
  worker: howMany(at),
  workerOn: refunds.length,
};

export type State = Record<keyof typeof fields, number>;

export const start: State = {
  ...(Object.fromEntries(Object.keys(fields).map((name) => [name, 0])) as State),
  state: pay.captured,
};

/** Whoever carries something, and which refund that is. */
export const carriers = [
  { who: 'asker1', name: 'the first refund', of: () => 'r1' },
  { who: 'asker2', name: 'the second refund', of: () => 'r2' },
  { who: 'asker3', name: 'the third refund', of: () => 'r3' },
  { who: 'worker', name: 'the worker', of: (s: State) => refunds[s.workerOn] ?? 'r1' },
] as const satisfies { who: keyof State; name: string; of(s: State): Refund }[];
export type Carrier = (typeof carriers)[number];

export const named = { r1: 'refund 1', r2: 'refund 2', r3: 'refund 3' } as const;

/** Stands nowhere, and carries nothing. */
export function away(s: State, { who }: Carrier): State {
  return who === 'worker' ? { ...s, worker: at.away, workerOn: 0 } : { ...s, [who]: at.away };
}

/** Nothing of it can be under way any more, nor leave any more. */
export function isQuiet(s: State, refund: Refund): boolean {
  return s[underWay[refund]] === 0 && !carriers.some((one) => s[one.who] === at.opened && one.of(s) === refund);
}
