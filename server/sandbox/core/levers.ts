import type { Clock } from '#server/kernel/clock.ts';

export const faults = ['lose_before', 'lose_after', 'error', 'slow', 'reset'] as const;
export type Fault = (typeof faults)[number];

export const askKinds = ['authorize', 'capture', 'void', 'refund', 'inquire'] as const;
export type AskKind = (typeof askKinds)[number];

/** A fault to inject, and into which requests. */
export interface Lever {
  fault: Fault;
  /** All kinds where left out. */
  kind?: AskKind;
  /** Of the card; all cards where left out. */
  last4?: string;
  /** How often; until it is removed where left out. */
  times?: number;
  /** How slow. */
  milliseconds?: number;
  /** `error` and `reset` only: process the request first. */
  after?: boolean;
}

/** A pulled lever and how often it took effect: a fault that never did was not tested. */
export interface PulledLever extends Lever {
  id: number;
  took: number;
}

export interface Levers {
  pull(lever: Lever): PulledLever;
  release(): void;
  list(): PulledLever[];
  /** The oldest lever that fits this request, used up by one, or undefined. */
  take(ask: { kind: AskKind; last4: string | undefined }): Lever | undefined;
}

export function makeLevers(): Levers {
  let pulled: PulledLever[] = [];
  let last = 0;
  return {
    pull(lever) {
      last += 1;
      const made = { id: last, ...lever, took: 0 };
      pulled.push(made);
      return made;
    },
    release() {
      pulled = [];
    },
    list: () => pulled,
    take({ kind, last4 }) {
      const lever = pulled.find(
        (one) =>
          one.took < (one.times ?? Number.POSITIVE_INFINITY) &&
          (one.kind ?? kind) === kind &&
          (one.last4 === undefined || one.last4 === last4),
      );
      if (lever) lever.took += 1;
      return lever;
    },
  };
}

/** What the wire does in place of the plain answer. */
export type Interruption = 'answer' | 'drop' | 'reset' | 'error';

/**
 * Runs `process` as the lever says.
 *
 * @returns How the connection ends; `answer` carries what `process` gave.
 */
export async function underLever<T>(
  lever: Lever | undefined,
  clock: Clock,
  process: () => Promise<T>,
): Promise<{ ends: 'answer'; answer: T } | { ends: Exclude<Interruption, 'answer'> }> {
  switch (lever?.fault) {
    case undefined:
      return { ends: 'answer', answer: await process() };
    case 'slow':
      await clock.sleep(lever.milliseconds ?? 0);
      return { ends: 'answer', answer: await process() };
    case 'lose_before':
      return { ends: 'drop' };
    case 'lose_after':
      await process();
      return { ends: 'drop' };
    case 'error':
    case 'reset':
      if (lever.after) await process();
      return { ends: lever.fault };
  }
}
