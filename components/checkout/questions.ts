import type { Standing } from '#server/checkout/view.ts';
import { call } from './call.ts';
import { type Latest, makeLatest } from './latest.ts';

interface QuestionsOptions {
  session: string;
  /** Hears where the session stands, unless something newer was asked or told meanwhile. */
  show: (standing: Standing) => void;
  /** Resolves once there is a way to ask at all. */
  online: (signal: AbortSignal) => Promise<void>;
}

/** All that is asked of where a session stands, in one order: whatever the way, an older answer is no news. */
export interface Questions extends Latest<Standing> {
  /** Has the provider asked now: the shopper is back from their bank. Resolves also where nobody answers. */
  back(): Promise<void>;
  /** Has the challenge withdrawn: the shopper would rather use another card. Resolves also where nobody answers. */
  giveUp(): Promise<void>;
}

export function makeQuestions({ session, show, online }: QuestionsOptions): Questions {
  const latest = makeLatest<Standing>({
    question: async (signal) => {
      await online(signal);
      return call('status', { session }, signal);
    },
    show,
  });
  return {
    ...latest,
    back: async () => void (await latest.ask((signal) => call('back', { session }, signal))),
    // Not taken back where something newer is asked: only its answer is old then.
    giveUp: async () => void (await latest.ask(() => call('giveUp', { session }))),
  };
}
