import { createHash } from 'node:crypto';
import type { Tally } from '../faults.ts';
import type { Dice } from './dice.ts';
import type { Engine, Life, StepKind } from './engine.ts';
import { makeLives } from './lives.ts';
import { makeQueue, outcome, type Task, type Went } from './queue.ts';
import { makeTimers } from './timers.ts';
import { makeWrites, type Writes } from './writes.ts';

/** How a world ended: as it should, out of time, or waiting for what can never come. */
export type Ending = 'done' | 'late' | 'stuck';

/** The engine, and what turns it. */
export interface Scheduler extends Engine, Pick<Writes, 'hold'> {
  /** Lets things happen until `done`, which is asked whenever only time can move, or until virtual time is `until`. */
  run(done: () => boolean | Promise<boolean>, until: number): Promise<Ending>;
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

/** Milliseconds of virtual time that a step takes. */
const cost: Record<StepKind, number> = { read: 0.5, write: 2, act: 0.1 };

/** The turn of a step that waits for nobody's lock. */
const atOnce = () => Promise.resolve();

/** How much later than others a step tends to go: a transaction lets most of those by who could still join it. */
const late: Record<StepKind, number> = { read: 0, write: 0.7, act: 0 };

/**
 * Holds every port: when all of the code waits for one, the dice say whose call goes on. When no call can, virtual time
 * jumps to the next timer. JavaScript does one thing at a time, so between two calls nothing else happens.
 */
export function makeScheduler({ dice, tally, start, blocked }: SchedulerSeams): Scheduler {
  const timers = makeTimers();
  const journal = makeJournal();
  const counts = new Map<string, number>();
  let elapsed = 0;
  let steps = 0;
  const lives = makeLives({ timers, elapsed: () => elapsed, start, idle, forget: (life) => queue.forget(life) });
  const queue = makeQueue(lives.isFrozen);
  const writes = makeWrites({
    blocked,
    later(ms, letGo) {
      timers.set(elapsed + ms, () => add(lives.nobody, { kind: 'act', what: 'lets go', order: 0, run: letGo }));
    },
  });

  function add(life: Life, task: Omit<Task, 'life' | 'settle'>, settle: Task['settle'] = () => {}): void {
    if (life.alive) queue.add({ life, settle, ...task });
  }

  function orderOf(life: Life, what: string): number {
    const name = `${life.name}/${what}`;
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    return dice.of(`order/${name}/${nth}`);
  }

  /** What waits for the end of a turn mostly comes after all others in it: that is how batches form. */
  function idle(life: Life, run: () => void): void {
    add(life, { kind: 'act', what: 'idle', order: 1.3 + orderOf(life, 'idle'), run });
  }

  const note = (line: string) => journal.write(`${elapsed.toFixed(2)} ${line}\n`);

  async function go(tasks: Task[]): Promise<void> {
    for (const { life, kind, what } of tasks) {
      steps += 1;
      elapsed += cost[kind];
      if (what !== 'idle') note(`${life.name}: ${what}`);
    }
    const [first] = tasks;
    if (first?.kind === 'write') return writes.run(first);
    const went = await Promise.all(tasks.map(({ run }) => outcome(() => run(atOnce))));
    for (const [n, task] of tasks.entries()) task.settle(went[n] as Went);
  }

  return {
    dice,
    tally,
    note,
    hold: writes.hold,
    begin: lives.begin,
    elapsed: () => elapsed,
    after: (ms, fn) => timers.set(elapsed + ms, fn),
    steps: () => steps,
    ...journal,
    step: (life, kind, what, run) =>
      new Promise((resolve, reject) => {
        add(life, { kind, what, order: late[kind] + orderOf(life, what), run }, (went) => {
          if (life.alive) went.ok ? resolve(went.value as never) : reject(went.error);
        });
      }),
    async run(done, until) {
      for (;;) {
        await turn();
        const due = timers.next();
        const tasks = due !== undefined && due <= elapsed ? undefined : queue.take();
        if (!tasks) timers.fire();
        else if (tasks.length > 0) await go(tasks);
        else if (await done()) return 'done';
        else if (due === undefined) return 'stuck';
        else if (due > until) return 'late';
        else elapsed = due;
      }
    },
  };
}

function makeJournal() {
  const digest = createHash('sha256');
  let reader: ((line: string) => void) | undefined;
  return {
    write(line: string) {
      digest.update(line);
      reader?.(line);
    },
    digest: () => digest.copy().digest('hex'),
    listen(fn: (line: string) => void) {
      reader = fn;
    },
  };
}

/** As many turns of the event loop as a request needs from the door to its first port: streams take some each. */
async function turn(): Promise<void> {
  for (let n = 0; n < 3; n += 1) await new Promise((resolve) => setImmediate(resolve));
}
