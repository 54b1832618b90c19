import { Refusal } from '#server/kernel/refusal.ts';
import type { Claim } from './claim.ts';
import type { Answer, Recalled } from './keys.ts';

/** Idempotency keys at a door: an act is done once, however often it is sent. */
export interface Keys {
  /** @throws Refusal `idempotency_mismatch`, `idempotency_in_flight`. */
  recall(claim: Claim): Promise<Recalled>;
  remember(claim: Claim, answer: Answer): Promise<void>;
  release(claim: Claim): Promise<void>;
}

export type Once<T> = { kind: 'acted'; value: T } | Extract<Recalled, { kind: 'done' | 'abandoned' }>;

/**
 * Acts where the key is fresh; otherwise tells what is known of it. The verb claims the key in the commit of its
 * change, so between the question and that commit a twin may have been quicker. Hence an error is looked at once more:
 *
 * - the key is still fresh: nothing was changed, and the error is the answer;
 * - a twin has it: the twin's answer is the answer, or that it is still at work. "Already captured" would be a lie to
 *   somebody whose own request, sent twice, has captured it;
 * - this request has it: the change was made and what came after it failed. The key is let go, so that the same request
 *   is answered at once from what has become of the change.
 *
 * @throws Refusal `idempotency_mismatch`, `idempotency_in_flight`; whatever `act` throws.
 */
export async function once<T>(keys: Keys, claim: Claim, act: () => Promise<T>): Promise<Once<T>> {
  const known = await keys.recall(claim);
  if (known.kind === 'done' || known.kind === 'abandoned') return known;
  try {
    return { kind: 'acted', value: await act() };
  } catch (error) {
    const since = await lookAgain(keys, claim, error);
    if (since.kind === 'done' || since.kind === 'abandoned') return since;
    // Where even this fails, the key is let go by time.
    if (since.kind === 'own') await keys.release(claim).catch(() => undefined);
    throw error;
  }
}

/** Where the keys cannot be asked, the first error is the one to hear of. */
function lookAgain(keys: Keys, claim: Claim, first: unknown): Promise<Recalled> {
  return keys.recall(claim).catch((error) => {
    throw error instanceof Refusal && error.code !== 'unavailable' ? error : first;
  });
}
