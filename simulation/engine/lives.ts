import type { Life } from './engine.ts';
import type { Timers } from './timers.ts';

interface LivesSeams {
  timers: Timers;
  elapsed: () => number;
  start: Date;
  /** Runs `fn` late in the turn, as a step of this life. */
  idle: (life: Life, fn: () => void) => void;
  /** Drops the steps of a life that has ended. */
  forget: (life: Life) => void;
}

export interface Lives {
  begin(name: string): Life;
  isFrozen(life: Life): boolean;
  /** Steps that belong to no process. */
  nobody: Life;
}

/** Lives, and their clocks: timers of the dead never fire, those of the frozen fire when they thaw. */
export function makeLives({ timers, elapsed, start, idle, forget }: LivesSeams): Lives {
  const frozenUntil = new WeakMap<Life, number>();
  const thaw = (life: Life) => frozenUntil.get(life) ?? 0;

  function after(life: Life, ms: number, fn: () => void): () => void {
    let cancel = () => {};
    const fire = () => {
      if (!life.alive) return;
      if (thaw(life) > elapsed()) cancel = timers.set(thaw(life), fire);
      else fn();
    };
    cancel = timers.set(elapsed() + Math.max(ms, 0), fire);
    return () => cancel();
  }

  function sleep(life: Life, ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        cancel();
        reject(signal?.reason);
      };
      const cancel = after(life, ms, () => {
        signal?.removeEventListener('abort', abort);
        resolve();
      });
      if (signal?.aborted) abort();
      else signal?.addEventListener('abort', abort, { once: true });
    });
  }

  function begin(name: string): Life {
    let alive = true;
    const endings = new Set<() => void>();
    const life: Life = {
      name,
      skew: 0,
      get alive() {
        return alive;
      },
      end() {
        if (!alive) return;
        alive = false;
        forget(life);
        for (const ending of endings) ending();
        endings.clear();
      },
      freeze(ms) {
        frozenUntil.set(life, Math.max(thaw(life), elapsed() + ms));
        timers.set(thaw(life), () => {});
      },
      onEnd(fn) {
        endings.add(fn);
        return () => endings.delete(fn);
      },
      clock: {
        now: () => new Date(start.getTime() + Math.floor(elapsed()) + life.skew),
        after: (ms, fn) => after(life, ms, fn),
        sleep: (ms, signal) => sleep(life, ms, signal),
        idle: (fn) => {
          if (alive) idle(life, fn);
        },
      },
    };
    return life;
  }

  return { begin, isFrozen: (life) => thaw(life) > elapsed(), nobody: begin('nobody') };
}
