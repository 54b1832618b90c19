import { outcome, type Task } from './queue.ts';

/** Transactions, of which one may stay open while others go on. */
export interface Writes {
  /** Until it is done, or is held open; where it waits for one that is held open, all those are let go. */
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

/** A transaction between BEGIN and its end. */
interface Open {
  ended: Promise<void>;
  /** Says that it is held open from now on. */
  suspend(): void;
  /** The end of those that it has waited for. */
  after: Promise<unknown>;
}

const nobody = Promise.resolve();

export function makeWrites({ blocked, later }: WritesSeams): Writes {
  const held = new Map<Open, () => void>();
  let running: Open | undefined;
  /** Several go on at once, since one waited for another: nobody is held open until they are done. */
  let isRushed = false;

  /** Until it has ended or is held open. */
  async function follow(open: Open): Promise<void> {
    const { promise: suspended, resolve } = Promise.withResolvers<void>();
    open.suspend = resolve;
    running = open;
    if (held.size === 0) return Promise.race([open.ended, suspended]);
    const over = new AbortController();
    const waits = blocked(over.signal).then(() => 'blocked' as const);
    const how = await Promise.race([open.ended, suspended, waits]);
    over.abort();
    if (how !== 'blocked') return;
    isRushed = true;
    const all = [...held.keys()];
    open.after = Promise.all(all.map(({ ended }) => ended));
    for (const one of all) release(one);
    await Promise.all([open.after, open.ended]);
    isRushed = false;
  }

  function release(open: Open): void {
    const goOn = held.get(open);
    held.delete(open);
    goOn?.();
  }

  return {
    run(task) {
      const { promise: ended, resolve: end } = Promise.withResolvers<void>();
      const open: Open = { ended, suspend: () => {}, after: nobody };
      const followed = follow(open);
      void outcome(() => task.run(() => open.after)).then((went) => {
        task.settle(went);
        end();
      });
      return followed;
    },
    hold(ms) {
      const open = running;
      // Two at once would hold both connections of a pool, and a third would wait for what nobody sees.
      if (isRushed || !open || held.size > 0) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(open, resolve);
      later(ms, () => {
        if (held.get(open) !== resolve) return undefined;
        const followed = follow(open);
        release(open);
        return followed;
      });
      open.suspend();
      return promise;
    },
  };
}
