import type { FailpointLabel } from '#db/failpoints.ts';
import { breakOff } from '../engine/database.ts';
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
  /** The process dies as soon as its next transaction of this label is committed. */
  dieAfter(life: Life, label: FailpointLabel, kind: FaultKind): void;
  /** COMMIT of the running transaction of this life is done, and its answer is lost. */
  loseAnswer(life: Life): void;
  isAnswerLost(life: Life): boolean;
  /** Called after each COMMIT; never comes back to a process that has died. */
  committed(life: Life, label: string): Promise<void>;
  /**
   * Holds the running transaction open until `others` has grown, or for `ms`. True where it has, which is when it made
   * a difference. Of a life that ends meanwhile it never comes back.
   */
  heldOpen(life: Life, ms: number, others: () => number): Promise<boolean>;
  /** Whether a transaction can be held open just now: one at a time is. */
  mayHold(): boolean;
  /** A transaction of this life is about to commit. */
  passes(life: Life): void;
  /** Whether another one of its sort is at work just now, neither dead nor frozen. */
  hasCompany(life: Life): boolean;
}

/** Virtual milliseconds between two looks at the others. */
const lookEvery = 150;
/** Virtual milliseconds without a transaction after which nobody is there. */
const quietFor = 8_000;

export function makeTrouble(engine: Scheduler, traffic: Traffic): Trouble {
  let isHolding = false;
  const passed = new Map<string, number>();
  const answersLost = new Set<Life>();
  const doomed = new Map<Life, { label: FailpointLabel; kind: FaultKind }>();

  function took(kind: FaultKind, ...lives: Life[]): void {
    engine.note(`${lives.map(({ name }) => name).join(', ')}: ${kind} takes effect`);
    engine.tally.took(
      kind,
      lives.flatMap((life) => traffic.at(life)),
    );
  }

  function die<T>(life: Life, kind: FaultKind) {
    took(kind, life);
    life.end(kind);
    breakOff(new Error(`${life.name} is gone`));
    return new Promise<T>(() => {});
  }

  return {
    injected: engine.tally.injected,
    took,
    die,
    dieAfter: (life, label, kind) => void doomed.set(life, { label, kind }),
    loseAnswer: (life) => void answersLost.add(life),
    isAnswerLost: (life) => answersLost.delete(life),
    async committed(life, label) {
      const doom = doomed.get(life);
      if (doom?.label !== label) return;
      doomed.delete(life);
      await die(life, doom.kind);
    },
    async heldOpen(life, ms, others) {
      const before = others();
      const until = engine.elapsed() + ms;
      // Who has come is given one more look's time, to get as far as this one is.
      let seen = false;
      isHolding = true;
      while (!seen && life.alive && engine.elapsed() < until) {
        seen = others() > before;
        const at = engine.elapsed();
        await engine.hold(lookEvery);
        // Let go early: somebody waits for it, or another one is held open.
        if (engine.elapsed() < at + lookEvery) break;
      }
      isHolding = false;
      if (!life.alive) {
        breakOff(new Error(`${life.name} is gone`));
        return new Promise<never>(() => {});
      }
      return others() > before;
    },
    mayHold: () => !isHolding,
    passes: ({ name }) => void passed.set(name, engine.elapsed()),
    hasCompany: ({ name: own }) =>
      [...passed].some(
        ([name, at]) => name !== own && sortOf(name) === sortOf(own) && engine.elapsed() - at < quietFor,
      ),
  };
}

function sortOf(name: string): string {
  return name.slice(0, name.indexOf('-'));
}

/** The faults of a plan that are still to strike. A transaction that nobody met while it was open is held once more. */
export interface Due<Fault> {
  /** The first that is meant. */
  find(isMeant: (fault: Fault) => boolean): Fault | undefined;
  /** Counts it as injected, the first time. */
  injected(fault: Fault): void;
  /** It will not strike again. */
  over(fault: Fault): void;
}

/** So often a fault strikes at most that makes no difference. */
const mostTries = 12;

export function makeDue<Fault extends { kind: FaultKind }>(faults: readonly Fault[], trouble: Trouble): Due<Fault> {
  const left = new Map(faults.map((fault) => [fault, mostTries]));
  return {
    find: (isMeant) => [...left.keys()].find(isMeant),
    injected(fault) {
      const tries = left.get(fault) ?? 0;
      if (tries === mostTries) trouble.injected(fault.kind);
      if (tries > 1) left.set(fault, tries - 1);
      else left.delete(fault);
    },
    over: (fault) => void left.delete(fault),
  };
}
