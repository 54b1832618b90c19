import type { Life } from '../engine/engine.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { FaultKind } from '../faults.ts';
import type { Traffic } from './traffic.ts';

/** How faults strike: shared by those of transactions, consumers and processes. */
export interface Trouble {
  injected(kind: FaultKind): void;
  /** It makes a difference to whoever is with these lives. */
  took(kind: FaultKind, ...lives: Life[]): void;
  /** The process is gone, and with it the transaction that it is in. Never comes back. */
  die<T>(life: Life, kind: FaultKind): Promise<T>;
  /** The running transaction is rolled back, and whoever waits for it hears `error`. */
  breakOff(error: Error): void;
  /** A transaction runs, and this is what breaks it off. */
  running(breakOff: (error: Error) => void): void;
  /**
   * Holds the running transaction open. True where `others` has grown meanwhile, which is when it made a difference.
   * Of a life that ends meanwhile it never comes back.
   */
  heldOpen(life: Life, ms: number, others: () => number): Promise<boolean>;
}

export function makeTrouble(engine: Scheduler, traffic: Traffic): Trouble {
  let breakOff: (error: Error) => void = () => {};

  function took(kind: FaultKind, ...lives: Life[]): void {
    engine.note(`${lives.map(({ name }) => name).join(', ')}: ${kind} takes effect`);
    engine.tally.took(
      kind,
      lives.flatMap((life) => traffic.at(life)),
    );
  }

  return {
    injected: engine.tally.injected,
    took,
    die<T>(life: Life, kind: FaultKind) {
      took(kind, life);
      life.end(kind);
      breakOff(new Error(`${life.name} is gone`));
      return new Promise<T>(() => {});
    },
    breakOff: (error) => breakOff(error),
    running(fn) {
      breakOff = fn;
    },
    async heldOpen(life, ms, others) {
      const before = others();
      const rollBack = breakOff;
      await engine.hold(ms);
      if (!life.alive) {
        rollBack(new Error(`${life.name} is gone`));
        return new Promise<never>(() => {});
      }
      return others() > before;
    },
  };
}

/** Counts by name, from 1. */
export function makeCounter(): (name: string) => number {
  const counts = new Map<string, number>();
  return (name) => {
    const next = (counts.get(name) ?? 0) + 1;
    counts.set(name, next);
    return next;
  };
}
