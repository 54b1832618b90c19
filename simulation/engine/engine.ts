import type { Clock } from '#server/kernel/clock.ts';
import type { Tally } from '../faults.ts';
import type { Dice } from './dice.ts';

/** One life of a process (or of a client, or of an acquirer): it ends once, and a new one begins. */
export interface Life {
  readonly name: string;
  readonly alive: boolean;
  /** Ends it: its steps are dropped, its timers forgotten, and nothing that it awaits ever comes back. */
  end(why: string): void;
  /** Its steps and timers wait until `ms` of virtual time have passed. */
  freeze(ms: number): void;
  /** Called when it ends; the returned function forgets it. */
  onEnd(fn: () => void): () => void;
  /** Its view of virtual time: `skew` milliseconds off. */
  readonly clock: Clock;
  skew: number;
}

/**
 * `read` changes nothing, so that several may go at once; `write` is a transaction; `act` is a message that arrives or
 * a turn of the process's own loop.
 */
export type StepKind = 'read' | 'write' | 'act';

/**
 * Resolves once those whose locks a transaction has waited for are done with: what each then does comes in one order,
 * whoever PostgreSQL answers first.
 */
export type Turn = () => Promise<unknown>;

/** What the parts of a simulated world share. */
export interface Engine {
  readonly dice: Dice;
  readonly tally: Tally;
  /** Milliseconds of virtual time since the world began. */
  elapsed(): number;
  /** `name` is unique among those who live at the same time. */
  begin(name: string): Life;
  /**
   * A port call: `run` happens when the scheduler picks it, in an order that the seed decides. Of a life that has ended
   * it never settles. `what` goes into the trace and must be the same in each replay. Within a transaction each answer
   * waits for its `turn`.
   */
  step<T>(life: Life, kind: StepKind, what: string, run: (turn: Turn) => Promise<T> | T): Promise<T>;
  /** A timer of virtual time that belongs to nobody's life, and passes whoever dies. */
  after(ms: number, fn: () => void): () => void;
  /** A line of the trace: the same in each replay, so without ids made by PostgreSQL. */
  note(line: string): void;
}
