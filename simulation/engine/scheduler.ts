import { createHash } from 'node:crypto';
import type { Tally } from '../faults.ts';
import type { Dice } from './dice.ts';
import type { Engine, Life, StepKind } from './engine.ts';
import { makeLives } from './lives.ts';
import { makeTimers } from './timers.ts';

/** The engine, and what turns it. */
export interface Scheduler extends Engine {
  /**
   * Lets things happen until `done`, which is asked whenever nothing but time can move. `late` when virtual time would
   * pass `until` first, `stuck` when nothing is left that could ever happen.
   */
  run(done: () => boolean | Promise<boolean>, until: number): Promise<'done' | 'late' | 'stuck'>;
  /**
   * Called inside a `write`: the transaction stays open while others go on, for `ms` of virtual time or until one of
   * them waits for it. Returns how many other writes went by.
   */
  hold(ms: number): Promise<number>;
  /** Steps so far, and a digest of all that happened, in its order. */
  steps(): number;
  digest(): string;
  /** Where the lines of the trace go, where somebody reads them. */
  listen(reader: (line: string) => void): void;
}

export interface SchedulerSeams {
  dice: Dice;
  tally: Tally;
  /** The moment at which the world begins. */
  start: Date;
  /** Resolves once a statement of ours waits for a lock; asked only while a transaction is held open. */
  blocked(signal: AbortSignal): Promise<void>;
}

interface Task {
  life: Life;
  kind: StepKind;
  what: string;
  order: number;
  run: () => unknown;
  settle(went: Went): void;
}

type Went = { ok: true; value: unknown } | { ok: false; error: unknown };

/** Milliseconds of virtual time that a step takes. */
const cost: Record<StepKind, number> = { read: 0.2, write: 1, act: 0.05 };

/**
 * Holds every port: when all of the code waits for one, the dice say whose call goes on. When no call can, virtual time
 * jumps to the next timer. JavaScript does one thing at a time, so between two calls nothing else happens.
 */
export function makeScheduler({ dice, tally, start, blocked }: SchedulerSeams): Scheduler {
  const timers = makeTimers();
  const digest = createHash('sha256');
  const counts = new Map<string, number>();
  let pending: Task[] = [];
  let elapsed = 0;
  let steps = 0;
  let writes = 0;
  let reader: ((line: string) => void) | undefined;
  /** The write that runs now, or ran last. */
  let running: { ended: Promise<void>; suspend: () => void } | undefined;
  /** Lets go what is held open, each until its transaction has ended. */
  const held = new Set<() => Promise<void> | undefined>();

  const lives = makeLives({ timers, elapsed: () => elapsed, start, idle, forget });

  function note(line: string): void {
    const whole = `${elapsed.toFixed(2)} ${line}\n`;
    digest.update(whole);
    reader?.(whole);
  }

  function orderOf(life: Life, what: string): number {
    const name = `${life.name}/${what}`;
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return dice.of(`order/${name}/${nth}`);
  }

  function step<T>(life: Life, kind: StepKind, what: string, run: () => Promise<T> | T): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const settle = (went: Went) => {
        if (life.alive) went.ok ? resolve(went.value as T) : reject(went.error);
      };
      if (life.alive) pending.push({ life, kind, what, order: orderOf(life, what), run, settle });
    });
  }

  /** What waits for the end of a turn comes late in it: that is how batches form. */
  function idle(life: Life, fn: () => void): void {
    const order = 0.6 + 0.4 * orderOf(life, 'idle');
    pending.push({ life, kind: 'act', what: 'idle', order, run: fn, settle: () => {} });
  }

  function forget(life: Life): void {
    pending = pending.filter((task) => task.life !== life);
  }

  function first(): Task | undefined {
    let found: Task | undefined;
    for (const task of pending) {
      if (!lives.isFrozen(task.life) && (!found || task.order < found.order)) found = task;
    }
    return found;
  }

  /** Reads see one another's absence alike in any order, so that all that wait go at once. */
  function alike(task: Task): Task[] {
    if (task.kind !== 'read') return [task];
    const together = pending.filter((one) => one.kind === 'read' && !lives.isFrozen(one.life));
    return together.sort((a, b) => a.order - b.order);
  }

  async function take(tasks: Task[]): Promise<void> {
    pending = pending.filter((task) => !tasks.includes(task));
    for (const { life, kind, what } of tasks) {
      steps += 1;
      elapsed += cost[kind];
      if (what !== 'idle') note(`${life.name}: ${what}`);
    }
    if (tasks[0]?.kind === 'write') return write(tasks[0]);
    const went = await Promise.all(tasks.map(({ run }) => outcome(run)));
    for (const [n, task] of tasks.entries()) task.settle(went[n] as Went);
  }

  /** Until it is done, or is held open; and whoever waits for what is held open has it let go. */
  async function write(task: Task): Promise<void> {
    writes += 1;
    const { promise: suspended, resolve: suspend } = Promise.withResolvers<void>();
    const ended = outcome(task.run).then(task.settle);
    running = { ended, suspend };
    // What `run` does before its first await has been done by now: from here on it is PostgreSQL that is waited for.
    if (held.size === 0) return Promise.race([ended, suspended]);
    const over = new AbortController();
    const waits = blocked(over.signal).then(() => 'blocked' as const);
    const how = await Promise.race([ended, suspended, waits]);
    over.abort();
    if (how !== 'blocked') return;
    await Promise.all([...held].map((letGo) => letGo()));
    return Promise.race([ended, suspended]);
  }

  function hold(ms: number): Promise<number> {
    const before = writes;
    const { promise, resolve } = Promise.withResolvers<number>();
    const mine = running;
    const letGo = () => {
      if (held.delete(letGo)) resolve(writes - before);
      return mine?.ended;
    };
    held.add(letGo);
    timers.set(elapsed + ms, () => {
      if (!held.has(letGo)) return;
      pending.push({ life: lives.nobody, kind: 'act', what: 'let go', order: 0, run: letGo, settle: () => {} });
    });
    mine?.suspend();
    return promise;
  }

  return {
    dice,
    tally,
    step,
    note,
    hold,
    begin: lives.begin,
    elapsed: () => elapsed,
    after: (ms, fn) => timers.set(elapsed + ms, fn),
    steps: () => steps,
    digest: () => digest.copy().digest('hex'),
    listen(fn) {
      reader = fn;
    },
    async run(done, until) {
      for (;;) {
        await turn();
        const due = timers.next();
        if (due !== undefined && due <= elapsed) {
          timers.fire();
          continue;
        }
        const task = first();
        if (task) {
          await take(alike(task));
          continue;
        }
        if (await done()) return 'done';
        if (due === undefined) return 'stuck';
        if (due > until) return 'late';
        elapsed = due;
      }
    },
  };
}

async function outcome(run: () => unknown): Promise<Went> {
  try {
    return { ok: true, value: await run() };
  } catch (error) {
    return { ok: false, error };
  }
}

/** As many turns of the event loop as a request needs from the door to its first port: streams take some each. */
async function turn(): Promise<void> {
  for (let n = 0; n < 3; n += 1) await new Promise((resolve) => setImmediate(resolve));
}
