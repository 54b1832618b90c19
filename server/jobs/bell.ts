import type { Clock } from '#server/kernel/clock.ts';

/** Wakes a job that rests, once something of the same process has left it work. */
export interface Bell {
  ring(): void;
  /** Resolves when it rings, or has rung since the last rest; or after `pause` milliseconds, or on the signal. */
  rest(pause: number, signal: AbortSignal): Promise<void>;
}

export function makeBell(clock: Pick<Clock, 'after'>): Bell {
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
        const forget = clock.after(pause, rise);
        awaken = rise;
        signal.addEventListener('abort', rise, { once: true });
        if (rung || signal.aborted) rise();

        function rise(): void {
          rung = false;
          awaken = () => {};
          forget();
          signal.removeEventListener('abort', rise);
          resolve();
        }
      }),
  };
}
