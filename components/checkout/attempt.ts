import type { Standing } from '#server/checkout/view.ts';
import { Late } from './call.ts';
import { isLost } from './failure.ts';

interface Ways {
  /** Sends the attempt. However often it is sent, it is one. */
  send: () => Promise<Standing>;
  /** Where the session stands; undefined where nobody answers. */
  ask: () => Promise<Standing | undefined>;
  /** Resolves after so many milliseconds. */
  pause: (milliseconds: number) => Promise<void>;
}

/** Where the session stands after an attempt; `why` it was not the attempt's own answer that told. */
export interface Became {
  standing: Standing;
  why?: unknown;
}

const lossesUntilAsked = 3;
const longestPause = 5_000;

/**
 * Sends an attempt until it is known what became of it. What is lost on the way is sent again under the same name;
 * where that does not help, the checkout is asked where it stands. "Nothing was taken" is believed only where each
 * send has failed at once: one that was given up may be at work still, and take the money afterwards. Then nothing but
 * the answer to this attempt tells, so it is sent until it has one; another attempt could be a second charge.
 */
export async function outcomeOf({ send, ask, pause }: Ways): Promise<Became> {
  let atLarge = false;
  for (let sent = 1; ; sent++) {
    try {
      return { standing: await send() };
    } catch (why) {
      if (!isLost(why)) return { standing: (await ask()) ?? { kind: 'processing' }, why };
      const late = why instanceof Late;
      atLarge ||= late;
      const standing = late || sent >= lossesUntilAsked ? await ask() : undefined;
      if (standing && (standing.kind !== 'open' || !atLarge)) return { standing, why };
      await pause(Math.min(1_000 * sent, longestPause));
    }
  }
}
