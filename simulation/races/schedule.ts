import type { Dice } from '../engine/dice.ts';
import type { Backend } from './backend.ts';
import { type Locks, returned, settled, type Underway } from './locks.ts';

/** One thing that waits for its turn: a statement, a request on the wire, an alarm. */
export interface Step<T> {
  /** The simulated process that does it, and what it does, in words. */
  who: string;
  what: string;
  /** Carried out when its turn comes. */
  run(): Promise<T> | T;
  /** Whether its turn may come. */
  ready?(): boolean;
  /** On which connection it runs, once it does. */
  backend?(): Backend | undefined;
}

interface Running extends Underway {
  who: string;
  result: { ok: true; value: unknown } | { ok: false; error: unknown } | undefined;
  /** Tells whoever waits what came of it. */
  deliver(): void;
}

interface Waiting extends Step<unknown> {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  /** Of an alarm: when it rings. */
  due?: number;
  /** Of an alarm: it rings only where nobody else has anything to do. */
  patient?: boolean;
}

export interface Alarm {
  what: string;
  ms: number;
  /** It rings only where nobody else has anything to do: statements take no time that patience could run out in. */
  patient?: boolean;
  ring(): void;
}

/** What a schedule took. */
export interface Figures {
  steps: number;
  /** Statements that ran while somebody else's transaction stood open. */
  beside: number;
  /** How often a statement waited for a lock, and how often PostgreSQL ended a circle of those who waited. */
  waits: number;
  deadlocks: number;
  /** How often somebody came again, whose row was held or whose payment had moved on. */
  again: number;
}

/** How often the dawdler ends a transaction, when it is its turn: as a share of one. */
const hurry = 0.1;
/** More steps than any schedule takes that ever ends. */
const stepsAtMost = 20_000;

/**
 * Runs several processes against one database with one statement at a time, in an order that the dice choose. Between
 * two steps everybody stands at a step, waits for a lock, or is done.
 */
export class Schedule {
  readonly trace: string[] = [];
  readonly figures: Figures = { steps: 0, beside: 0, waits: 0, deadlocks: 0, again: 0 };
  /** Virtual milliseconds since 1970: each step takes one, and an alarm as long as it takes. */
  now: number;
  readonly #dice: Dice;
  readonly #locks: Locks;
  /** Who hardly ever comes to end a transaction. */
  readonly #dawdler: string | undefined;
  #waiting: Waiting[] = [];
  #blocked: Running[] = [];

  constructor({ dice, locks, now, dawdler }: { dice: Dice; locks: Locks; now: number; dawdler?: string | undefined }) {
    this.#dice = dice;
    this.#dawdler = dawdler;
    this.#locks = locks;
    this.now = now;
  }

  /** Waits for its turn, runs, and hears what came of it. */
  step<T>(step: Step<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#waiting.push({ ...step, resolve: resolve as (value: unknown) => void, reject });
    });
  }

  /** Rings after `ms` of virtual time; the returned function forgets it. */
  alarm(who: string, { what, ms, patient = false, ring }: Alarm): () => void {
    const due = this.now + ms;
    const run = () => {
      this.now = Math.max(this.now, due);
      ring();
    };
    const alarm: Waiting = { who, what, run, due, patient, resolve: () => {}, reject: () => {} };
    this.#waiting.push(alarm);
    return () => {
      this.#waiting = this.#waiting.filter((one) => one !== alarm);
    };
  }

  /** Goes on until nobody waits for a turn any more. */
  async play(): Promise<void> {
    for (;;) {
      await turn();
      const chosen = this.#choose(this.#choices());
      if (chosen) await this.#carryOut(chosen);
      else if (this.#blocked.length > 0) await this.#settle(this.#blocked);
      else if (this.#waiting.length === 0) return;
      else throw new Error(`nobody can go on: ${this.#waiting.map(({ who, what }) => `${who} ${what}`).join('; ')}`);
    }
  }

  /** In the order in which they were asked for; of the alarms only the one that rings first. */
  #choices(): Waiting[] {
    const alarms = this.#waiting.filter(({ due }) => due !== undefined).sort((a, b) => (a.due ?? 0) - (b.due ?? 0));
    const first = alarms.find(({ patient }) => !patient);
    const open = this.#waiting.filter((one) => (one.due === undefined ? (one.ready?.() ?? true) : one === first));
    return open.length > 0 || this.#blocked.length > 0 ? open : alarms.slice(0, 1);
  }

  /** Anybody, but the dawdler: a transaction that stands open for long is what many others run past. */
  #choose(open: readonly Waiting[]): Waiting | undefined {
    if (open.length < 2) return open[0];
    const { steps } = this.figures;
    const chosen = open[this.#dice.whole(`turn ${steps}`, open.length)];
    const dawdles = chosen?.what === commit && chosen.who === this.#dawdler;
    if (!dawdles || this.#dice.chance(`hurry ${steps}`, hurry)) return chosen;
    return this.#dice.pick(
      `instead ${steps}`,
      open.filter((one) => one !== chosen),
    );
  }

  async #carryOut(step: Waiting): Promise<void> {
    if (++this.figures.steps > stepsAtMost) throw new Error(`no end after ${stepsAtMost} steps`);
    this.now += 1;
    this.#waiting = this.#waiting.filter((one) => one !== step);
    this.trace.push(`${step.who}: ${step.what}`);
    const running = start(step);
    if (running.backend && this.#locks.othersBusy(running.backend.pid)) this.figures.beside += 1;
    await returned(running, this.#locks);
    // What has ended, or failed, has let its locks go; what waits may close a circle, and have somebody else ended.
    const goesOn = running.result?.ok && !endsTransaction(step.what);
    await this.#settle(goesOn ? [running] : [...this.#blocked, running]);
  }

  /** Waits until each has finished or is blocked, then tells those who have finished, who has waited longest first. */
  async #settle(among: readonly Running[]): Promise<void> {
    await settled(among, this.#locks);
    for (const one of among) {
      const known = this.#blocked.includes(one);
      if (!one.result) {
        if (!known) this.#block(one);
        continue;
      }
      this.#blocked = this.#blocked.filter((other) => other !== one);
      if (known) this.trace.push(`${one.who}: ${one.what}, after it has waited`);
      if (!one.result.ok) this.#told(one.result.error);
      one.deliver();
      await turn();
    }
  }

  #block(one: Running): void {
    this.figures.waits += 1;
    this.trace.push('  … and waits for a lock');
    this.#blocked = [...this.#blocked, one];
  }

  #told(error: unknown): void {
    const { code, message } = Object(error) as { code?: unknown; message?: unknown };
    if (code === '40P01') this.figures.deadlocks += 1;
    this.trace.push(`  … which fails: ${code ?? message}`);
  }
}

export const commit = 'COMMIT';
export const rollback = 'ROLLBACK';

function endsTransaction(what: string): boolean {
  return what === commit || what === rollback;
}

function start({ who, what, run, backend, resolve, reject }: Waiting): Running {
  const running: Running = {
    who,
    what,
    backend: undefined,
    result: undefined,
    over: Promise.resolve(),
    deliver,
  };
  function deliver(): void {
    if (running.result?.ok) resolve(running.result.value);
    else reject(running.result?.error);
  }
  // Begun at once: only then is it known on which connection.
  running.over = new Promise<unknown>((begun) => begun(run())).then(
    (value) => {
      running.result = { ok: true, value };
    },
    (error: unknown) => {
      running.result = { ok: false, error };
    },
  );
  running.backend = backend?.();
  return running;
}

/** Lets everybody who can go on without us do so: they do in promises, which end before the loop turns. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
