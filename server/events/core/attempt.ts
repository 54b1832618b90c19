import { Refusal } from '#server/kernel/refusal.ts';
import { redact } from '#server/observability/redact.ts';

/** What an effect threw. */
export class EffectFailed {
  readonly #error: unknown;

  constructor(error: unknown) {
    this.#error = error;
  }

  /** For a person to read. */
  get words(): string {
    const error = this.#error;
    return redact(error instanceof Error ? error.message : String(error)).slice(0, longestWords);
  }
}

const longestWords = 500;

/** Runs an effect and what follows in its transaction, remembering that it threw. */
export type Watched = (work: () => Promise<void>) => Promise<void>;

/**
 * Tells an effect's failure from everything else that may go wrong around it. Without the database nothing is the
 * event's fault.
 */
export async function attempt<T>(work: (watched: Watched) => Promise<T>): Promise<T | EffectFailed> {
  let failed: EffectFailed | undefined;
  const watched: Watched = async (effect) => {
    try {
      await effect();
    } catch (error) {
      failed = new EffectFailed(error);
      // As it is: whoever ends the transaction has to see whether the connection was lost.
      throw error;
    }
  };
  try {
    return await work(watched);
  } catch (error) {
    if (!failed || (error instanceof Refusal && error.code === 'unavailable')) throw error;
    return failed;
  }
}
