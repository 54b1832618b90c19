interface LatestOptions<T> {
  question: (signal: AbortSignal) => Promise<T>;
  /** Hears each answer, unless something newer was asked or told meanwhile. */
  show: (answer: T) => void;
  /** Between a question that had no answer and its one repetition, in ms. */
  pause?: number;
}

/** What is asked again and again, and sometimes told: an older answer that comes late is never taken for the newest. */
export interface Latest<T> {
  /**
   * Asks now, whatever is under way. @returns the newest answer there is; undefined where nobody answered.
   *
   * @param by  Asks in another way, once: it may set something going.
   */
  ask(by?: (signal: AbortSignal) => Promise<T>): Promise<T | undefined>;
  /** Asks unless a question is under way. */
  glance(): void;
  /** Takes what was heard elsewhere: what was asked before is older than this, and may arrive after it. */
  learn(told: T): void;
}

export function makeLatest<T>({ question, show, pause = 1000 }: LatestOptions<T>): Latest<T> {
  let newest: { answer: Promise<T | undefined>; asking?: AbortController } = { answer: Promise.resolve(undefined) };

  async function asked(signal: AbortSignal): Promise<T | undefined> {
    for (let repeated = false; ; repeated = true) {
      try {
        return await question(signal);
      } catch {
        if (repeated || signal.aborted) return undefined;
        await new Promise((resolve) => setTimeout(resolve, pause));
      }
    }
  }

  function ask(by?: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    newest.asking?.abort();
    const asking = new AbortController();
    const told = by ? by(asking.signal).catch(() => undefined) : asked(asking.signal);
    const answer = told.then((found) => {
      if (asking.signal.aborted) return newest.answer;
      delete newest.asking;
      if (found !== undefined) show(found);
      return found;
    });
    newest = { answer, asking };
    return answer;
  }

  return {
    ask,
    glance: () => void (newest.asking ?? ask()),
    learn(told) {
      newest.asking?.abort();
      newest = { answer: Promise.resolve(told) };
      show(told);
    },
  };
}
