import type { Failpoint } from '#db/transaction.ts';
import { breakOff, connectionLost, type Sea } from '../engine/database.ts';
import type { Life } from '../engine/engine.ts';
import type { Scheduler } from '../engine/scheduler.ts';
import type { Plan, PlannedFault } from '../plan.ts';
import { makeDue, type Trouble } from './trouble.ts';

export interface TransactionFaults {
  sea: Sea;
  /** For the transactions of one life. */
  failpoint(life: Life): Failpoint;
}

type DatabaseFault = Extract<PlannedFault, { on: 'database' }>;
type Meeting = Extract<PlannedFault, { on: 'process' }>;

/** Virtual milliseconds that a transaction is held open, that two sweeps may meet in, that the database is away. */
const heldFor = 1_000;
const meeting = 12_000;
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
  const passed = new Map<string, number>();
  const planned = plan.faults.filter((fault): fault is DatabaseFault => fault.on === 'database');
  const due = makeDue(planned, trouble);
  const sweeping = makeMeetings(engine, plan, trouble);
  let awayUntil = 0;
  let commits = 0;
  let hasMoved = false;

  async function strike(life: Life, fault: DatabaseFault): Promise<void> {
    const { kind, milliseconds } = fault;
    due.injected(fault);
    if (kind !== 'F45') due.over(fault);
    switch (kind) {
      case 'F2':
        return trouble.die(life, kind);
      case 'F3':
        trouble.loseAnswer(life);
        return trouble.took(kind, life);
      case 'F34':
        trouble.took(kind, life);
        throw Object.assign(new Error('could not serialize access due to concurrent update'), { code: '40001' });
      case 'F45':
        if (!(await trouble.heldOpen(life, milliseconds ?? heldFor, () => commits))) return;
        due.over(fault);
        return trouble.took(kind, life);
      case 'F28':
        awayUntil = engine.elapsed() + (milliseconds ?? awayFor);
        trouble.took(kind, life);
        breakOff(connectionLost());
        return isAfterwards(fault) ? undefined : new Promise(() => {});
      default:
        throw new Error(`${kind} is no fault of a transaction`);
    }
  }

  return {
    sea: {
      reached() {
        if (engine.elapsed() < awayUntil) throw connectionLost();
      },
      async committed(life) {
        if (hasMoved) await moved();
        hasMoved = false;
        return trouble.isAnswerLost(life);
      },
    },
    failpoint: (life) => async (name) => {
      const [label = '', place] = name.split(':');
      const isTurn = ({ kind }: DatabaseFault) => kind !== 'F45' || trouble.mayHold();
      const isDue = (one: DatabaseFault) => one.label === label && one.nth <= (passed.get(label) ?? 0) && isTurn(one);
      if (place === 'after') {
        const fault = due.find((one) => isAfterwards(one) && isDue(one));
        if (fault) await strike(life, fault);
        return trouble.committed(life, label);
      }
      if (place !== 'before') return;
      engine.note(`${life.name}: ${label} is about to commit`);
      passed.set(label, (passed.get(label) ?? 0) + 1);
      commits += 1;
      trouble.passes(life);
      if (label === 'payments.sweep') await sweeping(life);
      const fault = due.find((one) => !isAfterwards(one) && isDue(one));
      if (fault) await strike(life, fault);
      // Only now: others may have committed while it was held open.
      hasMoved ||= label === 'payments.commit';
    },
  };
}

/** What was told is stored, and nobody can deal with it. A database that stops before that is only told again. */
function isAfterwards({ kind, label }: DatabaseFault): boolean {
  return kind === 'F28' && label === 'webhooks.receive';
}

/** F58: one worker has claimed its questions and not committed, when the other one's sweep comes. */
function makeMeetings({ elapsed }: Scheduler, { faults }: Plan, trouble: Trouble): (life: Life) => Promise<void> {
  const meetings = makeDue(
    faults.filter((fault): fault is Meeting => fault.kind === 'F58' && fault.on === 'process'),
    trouble,
  );
  const sweeps = new Map<string, number>();
  return async (life) => {
    sweeps.set(life.name, (sweeps.get(life.name) ?? 0) + 1);
    const fault = meetings.find(({ at }) => at <= elapsed());
    if (!fault || !trouble.mayHold() || !trouble.hasCompany(life)) return;
    meetings.injected(fault);
    const others = () => [...sweeps].reduce((sum, [name, n]) => (name === life.name ? sum : sum + n), 0);
    if (!(await trouble.heldOpen(life, meeting, others))) return;
    meetings.over(fault);
    trouble.took('F58', life);
  };
}
