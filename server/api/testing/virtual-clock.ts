import type { Clock } from '#server/kernel/clock.ts';

interface Timer {
  at: number;
  run(): void;
}

/** Virtual time: it passes only when it is told to, and what is due then happens in its order. */
export interface VirtualClock extends Clock {
  /** Milliseconds since it was made. */
  elapsed(): number;
  forward(ms: number): void;
}

export function virtualClock(start = new Date('2026-03-01T12:00:00Z')): VirtualClock {
  const began = start.getTime();
  let now = began;
  const timers = new Set<Timer>();

  function after(ms: number, run: () => void): () => void {
    const timer = { at: now + ms, run };
    timers.add(timer);
    return () => timers.delete(timer);
  }

  function nextUntil(end: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of timers) if (timer.at <= end && (!next || timer.at < next.at)) next = timer;
    return next;
  }

  return {
    now: () => new Date(now),
    elapsed: () => now - began,
    after,
    sleep: (ms) => new Promise((resolve) => after(ms, resolve)),
    idle: (fn) => void setImmediate(fn),
    forward(ms) {
      const end = now + ms;
      for (let next = nextUntil(end); next; next = nextUntil(end)) {
        timers.delete(next);
        now = next.at;
        next.run();
      }
      now = end;
    },
  };
}
