import { type EventTrigger, moves, type PaymentState, states } from '#server/payments/core/machine.ts';
import type { Explored } from './explore.ts';

/** What a run of the model has to show; what it does not is named here. */
export interface Verdict {
  machines: Explored[];
  mistakes: { name: string; explored: Explored }[];
  states: number;
  transitions: number;
  /** Legal edges that no machine ever took: the model would prove nothing about them. */
  edgesNotTaken: string[];
  /** All that is not as it must be, in words. */
  faults: string[];
}

/** Fewer states than this show that something was left out. */
const statesAtLeast = 1_000_000;

export function judge(machines: Explored[], mistakes: Verdict['mistakes'], atLeast = statesAtLeast): Verdict {
  const sum = (of: 'states' | 'transitions') => machines.reduce((total, one) => total + one[of], 0);
  const taken = new Set(machines.flatMap((one) => [...one.taken]));
  const edgesNotTaken = edges().filter((edge) => !taken.has(edge));
  const faults = [
    ...machines.flatMap(faultsOf),
    ...mistakes
      .filter(({ explored }) => !explored.breach)
      .map(({ name }) => `the wrong variant '${name}' was not found`),
    ...edgesNotTaken.map((edge) => `the legal edge '${edge}' was never taken`),
    ...(sum('states') < atLeast ? [`only ${sum('states')} states were explored`] : []),
  ];
  return { machines, mistakes, states: sum('states'), transitions: sum('transitions'), edgesNotTaken, faults };
}

function faultsOf({ model, breach, stuck, notReached }: Explored): string[] {
  return [
    ...(breach ? [`${model}: ${breach.what}: ${breach.trace.join(' > ')}`] : []),
    ...(stuck.states > 0 ? [`${model}: no rest from ${stuck.states} states: ${stuck.trace.join(' > ')}`] : []),
    ...notReached.map((name) => `${model}: never reached: ${name}`),
  ];
}

/** Every edge of the table of moves, as "from trigger to". */
function edges(): string[] {
  return states.flatMap((from: PaymentState) =>
    Object.entries(moves[from] as Partial<Record<EventTrigger, PaymentState>>).map(
      ([trigger, to]) => `${from} ${trigger} ${to}`,
    ),
  );
}
