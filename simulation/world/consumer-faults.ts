import type { Consumer } from '#server/events/consumer.ts';
import { makeDice } from '../engine/dice.ts';
import type { Life } from '../engine/engine.ts';
import type { FaultKind } from '../faults.ts';
import type { Plan, PlannedFault } from '../plan.ts';
import type { Traffic } from './traffic.ts';
import { makeDue, type Trouble } from './trouble.ts';

/** The consumer as one life runs it, with what befalls it. */
export type Troubled = (life: Life, consumer: Consumer) => Consumer;

type BusFault = Extract<PlannedFault, { on: 'bus' }>;

/** Virtual milliseconds that a cursor is held. */
const heldFor = 6_000;
/** How often an event that cannot be dealt with fails, standing alone, before it goes through. */
const poisonous = 2;

/** What the plan has against consumers of the log. */
export function makeConsumerFaults(plan: Plan, trouble: Trouble, traffic: Traffic): Troubled {
  const dice = makeDice(plan.seed);
  const runs = new Map<string, number>();
  const due = makeDue(
    plan.faults.filter((fault): fault is BusFault => fault.on === 'bus'),
    trouble,
  );
  /** What was made to fail once is left alone then: an event that fails five times waits for a person. */
  const poison = new Map<string, number>();

  /** Throws where one of the events cannot be dealt with (F43). */
  function swallow(life: Life, names: readonly string[]): void {
    const name = names.find((one) => (poison.get(one) ?? 0) > 0);
    if (!name) return;
    if (names.length === 1) poison.set(name, (poison.get(name) ?? 0) - 1);
    trouble.took('F43', life);
    throw new Error('this event cannot be dealt with');
  }

  return (life, consumer) => ({
    ...consumer,
    async effect(tx, events) {
      const nth = (runs.get(consumer.name) ?? 0) + 1;
      runs.set(consumer.name, nth);
      const names = events.map(({ id }) => `${consumer.name} ${id}`);
      const hasFailed = names.some((one) => poison.has(one));
      const turns: Partial<Record<FaultKind, () => boolean>> = {
        F43: () => !hasFailed,
        F44: () => trouble.mayHold() && trouble.hasCompany(life),
      };
      const isTurn = ({ kind }: BusFault) => turns[kind]?.() ?? true;
      const fault = due.find((one) => one.consumer === consumer.name && one.nth <= nth && isTurn(one));
      if (fault) due.injected(fault);
      if (fault && fault.kind !== 'F44') due.over(fault);
      if (fault?.kind === 'F43') poison.set(names[0] ?? '', poisonous);
      swallow(life, names);
      await consumer.effect(tx, events);
      if (fault?.kind === 'F41') {
        // With the effect undone, or with it done and nothing after it.
        if (dice.chance(`${fault.id} undone`, 0.5)) await trouble.die(life, 'F41');
        else trouble.dieAfter(life, 'events.consume', 'F41');
      }
      if (fault?.kind === 'F42') {
        trouble.took('F42', life);
        // Its events come again: because the effect is undone, or because nobody hears that it is not.
        if (!hasFailed && dice.chance(`${fault.id} undone`, 0.5))
          throw new Error('the effect is undone, and its events come again');
        trouble.loseAnswer(life);
      }
      if (fault?.kind !== 'F44') return;
      if (!(await trouble.heldOpen(life, heldFor, () => traffic.runsOf(consumer.name)))) return;
      due.over(fault);
      trouble.took('F44', life);
    },
  });
}
