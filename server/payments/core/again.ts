import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';

/** Milliseconds after which a payment that others keep moving is given up on. */
const atMost = 10_000;

/**
 * Reads, decides and commits; when another change was quicker, does it again on what is true now, so that nobody hears
 * "stale" who could have heard yes, or why not. Within a process, those who want the same payment take turns: only
 * another process can be quicker.
 *
 * @throws Refusal `unavailable` when others were quicker for ten seconds; nothing was changed.
 */
export type Again = <T>(paymentOrIntent: string, decided: () => Promise<T>) => Promise<T>;

export function makeAgain(clock: Clock): Again {
  const last = new Map<string, Promise<unknown>>();

  async function inTurn<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = last.get(key);
    const mine = (before ?? Promise.resolve()).then(work, work);
    last.set(key, mine);
    try {
      return await mine;
    } finally {
      if (last.get(key) === mine) last.delete(key);
    }
  }

  return async (key, decided) => {
    const since = clock.now().getTime();
    for (let turn = 0; clock.now().getTime() - since < atMost; turn++) {
      try {
        return await inTurn(key, decided);
      } catch (error) {
        if (!(error instanceof Refusal && error.code === 'stale')) throw error;
      }
      await clock.sleep(Math.min(turn, 20));
    }
    throw new Refusal('unavailable', 'The payment is too busy just now. Nothing was changed; try again.');
  };
}
