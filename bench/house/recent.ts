import type { Clock } from '#server/kernel/clock.ts';

export interface Recent<T> {
  get(name: string): T | undefined;
  set(name: string, value: T): void;
}

/** Remembers for `least` milliseconds, and forgets before twice as long is over: memory is bounded by the rate. */
export function makeRecent<T>(clock: Clock, least: number): Recent<T> {
  let [young, old] = [new Map<string, T>(), new Map<string, T>()];
  let turnedAt = clock.now().getTime();

  function turn(): void {
    const now = clock.now().getTime();
    if (now - turnedAt < least) return;
    [young, old] = [new Map(), now - turnedAt < 2 * least ? young : new Map()];
    turnedAt = now;
  }

  return {
    get(name) {
      turn();
      return young.get(name) ?? old.get(name);
    },
    set(name, value) {
      turn();
      young.set(name, value);
    },
  };
}
