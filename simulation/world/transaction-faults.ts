import type { Failpoint } from '#db/transaction.ts';
import { connectionLost, type Sea } from '../engine/database.ts';
import type { Life } from '../engine/engine.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { Plan, PlannedFault } from '../plan.ts';
import { makeCounter, type Trouble } from './trouble.ts';

export interface TransactionFaults {
  sea: Sea;
  /** For the transactions of one life. */
  failpoint(life: Life): Failpoint;
}

type DatabaseFault = Extract<PlannedFault, { on: 'database' }>;

/** Virtual milliseconds that a transaction is held open, that two sweeps may meet in, that the database is away. */
const heldFor = 30;
const meeting = 2_000;
const awayFor = 4_000;

interface TransactionFaultsSeams {
  engine: Scheduler;
  plan: Plan;
  trouble: Trouble;
  /** Called after each commit that moved payments, before anybody else goes on. */
  moved(): Promise<void>;
}

/** What the plan has against transactions, carried out where they are about to commit. */
export function makeTransactionFaults({ engine, plan, trouble, moved }: TransactionFaultsSeams): TransactionFaults {
  const passed = makeCounter();
  const answersLost = new Set<Life>();
  const planned = plan.faults.filter((fault): fault is DatabaseFault => fault.on === 'database');
  const meetings = plan.faults.filter(({ kind }) => kind === 'F58').map((fault) => ('at' in fault ? fault.at : 0));
  let awayUntil = 0;
  let commits = 0;
  let hasMoved = false;
  let sweeps = 0;

  async function strike(life: Life, { kind, milliseconds }: DatabaseFault): Promise<void> {
    trouble.injected(kind);
    switch (kind) {
      case 'F2':
        return trouble.die(life, kind);
      case 'F3':
        answersLost.add(life);
        return trouble.took(kind, life);
      case 'F34':
        trouble.took(kind, life);
        throw Object.assign(new Error('could not serialize access due to concurrent update'), { code: '40001' });
      case 'F45':
        if (await trouble.heldOpen(life, milliseconds ?? heldFor, () => commits)) trouble.took(kind, life);
        return;
      case 'F28':
        awayUntil = engine.elapsed() + (milliseconds ?? awayFor);
        trouble.took(kind, life);
        trouble.breakOff(connectionLost());
        return new Promise(() => {});
      default:
        throw new Error(`${kind} is no fault of a transaction`);
    }
  }

  /** One sweep has claimed its questions and not committed, when the other worker's comes (F58). */
  async function meet(life: Life): Promise<void> {
    if (!meetings[0] || meetings[0] > engine.elapsed()) return;
    meetings.shift();
    trouble.injected('F58');
    if (await trouble.heldOpen(life, meeting, () => sweeps)) trouble.took('F58', life);
  }

  return {
    sea: {
      reached() {
        if (engine.elapsed() < awayUntil) throw connectionLost();
      },
      async committed(life) {
        if (hasMoved) await moved();
        hasMoved = false;
        return answersLost.delete(life);
      },
      running: trouble.running,
    },
    failpoint: (life) => async (name) => {
      const [label = '', place] = name.split(':');
      if (place !== 'before') return;
      engine.note(`${life.name}: ${label} is about to commit`);
      const nth = passed(label);
      commits += 1;
      hasMoved ||= label === 'payments.commit';
      if (label === 'payments.sweep') {
        sweeps += 1;
        await meet(life);
      }
      const fault = planned.find((one) => one.label === label && one.nth === nth);
      if (fault) await strike(life, fault);
    },
  };
}
