import { setTimeout as sleepFor } from 'node:timers/promises';

/** The only source of time. A simulation hands in its own, and virtual time moves everything. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs `fn` once after `ms`; the returned function forgets it. */
  after(ms: number, fn: () => void): () => void;
  /** Runs `fn` when the current turn of the event loop is done: how batches form without a timer. */
  idle(fn: () => void): void;
  /** When time last leapt forward, where that is known: what seems to be longer ago may have been a moment before. */
  leaptAt?(): Date | undefined;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) => sleepFor(ms, undefined, signal ? { signal } : undefined),
  after(ms, fn) {
    const timer = setTimeout(fn, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
  idle: (fn) => void setImmediate(fn),
};

/** Whether the time from `since` to `until` has passed at `now`, and not only by a clock that leapt over it. */
export function hasPassed({ leaptAt }: Clock, { since, until, now }: { since: Date; until: Date; now: Date }): boolean {
  const leapt = leaptAt?.();
  return now >= until && (!leapt || now.getTime() - leapt.getTime() >= until.getTime() - since.getTime());
}

/** Milliseconds since the process began, by a timer that nobody sets. */
export const elapsed = () => performance.now();

/** Hands `work` a signal that gives up with a `TimeoutError` after `ms`: AbortSignal.timeout, by our clock. */
export async function withTimeLimit<T>(
  { clock, ms }: { clock: Clock; ms: number },
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const forget = clock.after(ms, () => over.abort(new DOMException('The time is up.', 'TimeoutError')));
  return work(over.signal).finally(forget);
}
