import { Refusal } from '#server/kernel/refusal.ts';

/** Overtaken more often than this, a payment is hammered, and the caller is told so. */
const atMost = 20;

/**
 * Reads, decides and commits; when another change was quicker, does it again on what is true now, so that nobody hears
 * "stale" who could have heard yes, or why not.
 *
 * @throws Refusal `unavailable` when others were quicker time after time; nothing was changed.
 */
export async function again<T>(decided: () => Promise<T>): Promise<T> {
  for (let turn = 0; turn < atMost; turn++) {
    try {
      return await decided();
    } catch (error) {
      if (!(error instanceof Refusal && error.code === 'stale')) throw error;
    }
  }
  throw new Refusal('unavailable', 'The payment is too busy just now. Nothing was changed; try again.');
}
