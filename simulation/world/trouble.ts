import type { Failpoint } from '#db/transaction.ts';
import type { Consumer } from '#server/events/consumer.ts';
import { connectionLost, type Sea } from '../engine/database.ts';
import type { Life } from '../engine/engine.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { FaultKind } from '../faults.ts';
import type { Plan, PlannedFault } from '../plan.ts';
import type { Traffic } from './traffic.ts';

/** What the plan has against transactions and consumers, carried out at their failpoints. */
export interface Trouble {
  sea: Sea;
  /** For the transactions of one life. */
  failpoint(life: Life): Failpoint;
  /** The consumer as one life runs it, with what befalls it. */
  troubled(life: Life, consumer: Consumer): Consumer;
}

type DatabaseFault = Extract<PlannedFault, { on: 'database' }>;
type BusFault = Extract<PlannedFault, { on: 'bus' }>;

/** Virtual milliseconds that a transaction is held open, that the database is away, that a cursor is held. */
const heldFor = 30;
const awayFor = 4_000;
/** How often an event that cannot be dealt with fails before it goes through. */
const poisonous = 2;

const never = <T>() => new Promise<T>(() => {});

export function makeTrouble(engine: Scheduler, plan: Plan, traffic: Traffic): Trouble {
  const { tally } = engine;
  const passed = counter();
  const runs = counter();
  const answersLost = new Set<Life>();
  const poison = new Map<string, number>();
  const databaseFaults = plan.faults.filter((fault): fault is DatabaseFault => fault.on === 'database');
  const busFaults = plan.faults.filter((fault): fault is BusFault => fault.on === 'bus');
  let awayUntil = 0;
  let away: { kind: FaultKind; met: boolean } | undefined;
  /** Ends the transaction that runs now, as if its connection had gone. */
  let breakOff: (error: Error) => void = () => {};

  function took(life: Life, kind: FaultKind): void {
    engine.note(`${life.name}: ${kind} takes effect`);
    tally.took(kind, traffic.at(life));
  }

  /** The process is gone, and its transaction with it. */
  function die<T>(life: Life, kind: FaultKind): Promise<T> {
    took(life, kind);
    life.end(kind);
    breakOff(new Error(`${life.name} is gone`));
    return never<T>();
  }

  async function strike(life: Life, { kind, milliseconds }: DatabaseFault): Promise<void> {
    tally.injected(kind);
    if (kind === 'F2') return die(life, kind);
    if (kind === 'F3') {
      answersLost.add(life);
      return took(life, kind);
    }
    if (kind === 'F34') {
      took(life, kind);
      throw Object.assign(new Error('could not serialize access due to concurrent update'), { code: '40001' });
    }
    if (kind === 'F45') {
      const others = await engine.hold(milliseconds ?? heldFor);
      if (!life.alive) return never();
      if (others > 0) took(life, kind);
      return;
    }
    awayUntil = engine.elapsed() + (milliseconds ?? awayFor);
    away = { kind, met: false };
    took(life, kind);
    breakOff(connectionLost());
    return never();
  }

  const sea: Sea = {
    reached(life) {
      if (engine.elapsed() >= awayUntil) return;
      if (away) tally.took(away.kind, traffic.at(life));
      throw connectionLost();
    },
    answerLost: (life) => answersLost.delete(life),
    running(broken) {
      breakOff = broken;
    },
  };

  return {
    sea,
    failpoint: (life) => async (name) => {
      const [label = '', place] = name.split(':');
      if (place !== 'before') return;
      engine.note(`${life.name}: ${label} is about to commit`);
      const nth = passed(label);
      for (const fault of databaseFaults) {
        if (fault.label === label && fault.nth === nth) await strike(life, fault);
      }
    },
    troubled: (life, consumer) => ({
      ...consumer,
      async effect(tx, events) {
        const nth = runs(consumer.name);
        const fault = busFaults.find((one) => one.consumer === consumer.name && one.nth === nth);
        if (fault) tally.injected(fault.kind);
        const first = events[0]?.id ?? '';
        const name = `${consumer.name} ${first}`;
        if (fault?.kind === 'F43') poison.set(name, poisonous);
        const left = events.map(({ id }) => `${consumer.name} ${id}`).find((one) => (poison.get(one) ?? 0) > 0);
        if (left) {
          if (events.length === 1) poison.set(left, (poison.get(left) ?? 0) - 1);
          took(life, 'F43');
          throw new Error('this event cannot be dealt with');
        }
        await consumer.effect(tx, events);
        if (fault?.kind === 'F41') await die(life, 'F41');
        if (fault?.kind === 'F42') {
          took(life, 'F42');
          throw new Error('the effect was undone, and comes again');
        }
        if (fault?.kind === 'F44') {
          const others = traffic.runsOf(consumer.name);
          await engine.hold(heldFor * 20);
          if (!life.alive) return never();
          if (traffic.runsOf(consumer.name) > others) took(life, 'F44');
        }
      },
    }),
  };
}

function counter(): (name: string) => number {
  const counts = new Map<string, number>();
  return (name) => {
    const next = (counts.get(name) ?? 0) + 1;
    counts.set(name, next);
    return next;
  };
}
