import { outcome, type Task } from './queue.ts';

/** Transactions, of which one may stay open while others go on. */
export interface Writes {
  /** Until it is done, or is held open; where it waits for one that is held open, that one is let go. */
  run(task: Task): Promise<void>;
  /** Called inside a transaction: it stays open for `ms` of virtual time, or until somebody waits for it. */
  hold(ms: number): Promise<void>;
}

interface WritesSeams {
  /** Resolves once a statement waits for a lock; asked only while a transaction is held open. */
  blocked(signal: AbortSignal): Promise<void>;
  /** Has `letGo` done as a step of nobody's after `ms`. */
  later(ms: number, letGo: () => Promise<void> | undefined): void;
}

export function makeWrites({ blocked, later }: WritesSeams): Writes {
  /** The transaction that runs now, or ran last. */
  let running: { ended: Promise<void>; suspend: () => void } | undefined;
  /** Each resolves when its transaction has ended. */
  const held = new Set<() => Promise<void> | undefined>();

  return {
    async run(task) {
      const { promise: suspended, resolve: suspend } = Promise.withResolvers<void>();
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      running = { ended, suspend };
      void outcome(task.run).then((went) => {
        task.settle(went);
        end();
      });
      if (held.size === 0) return Promise.race([ended, suspended]);
      const over = new AbortController();
      const waits = blocked(over.signal).then(() => 'blocked' as const);
      const how = await Promise.race([ended, suspended, waits]);
      over.abort();
      if (how !== 'blocked') return;
      await Promise.all([...held].map((letGo) => letGo()));
      return Promise.race([ended, suspended]);
    },
    hold(ms) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const mine = running;
      const letGo = () => {
        if (held.delete(letGo)) resolve();
        return mine?.ended;
      };
      held.add(letGo);
      later(ms, () => (held.has(letGo) ? letGo() : undefined));
      mine?.suspend();
      return promise;
    },
  };
}
