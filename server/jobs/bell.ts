import type { Clock } from '#server/kernel/clock.ts';

/** Wakes a job that rests, once something of the same process has left it work. */
export interface Bell {
  ring(): void;
  /**
   * Resolves when it rings, or has rung since the last rest, but not before `shortest` milliseconds; or after `pause`
   * milliseconds, or on the signal.
   */
  rest(pause: number, signal: AbortSignal): Promise<void>;
}

/**
 * @param shortest  Milliseconds that a rest lasts whoever rings: what comes meanwhile is done together. Who rests for
 *                  longer than that is woken at once.
 */
export function makeBell(clock: Pick<Clock, 'after'>, shortest: number): Bell {
  // Who was at work when it rang may have looked just before.
  let rung = false;
  let awaken = () => {};
  return {
    ring() {
      rung = true;
      awaken();
    },
    rest: (pause, signal) =>
      new Promise((resolve) => {
        const forgetEnd = clock.after(pause, rise);
        const forgetShortest = clock.after(shortest, () => {
          awaken = rise;
          if (rung) rise();
        });
        signal.addEventListener('abort', rise, { once: true });
        if (signal.aborted) rise();

        function rise(): void {
          rung = false;
          awaken = () => {};
          forgetEnd();
          forgetShortest();
          signal.removeEventListener('abort', rise);
          resolve();
        }
      }),
  };
}
