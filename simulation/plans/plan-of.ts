import { makeDice } from '../engine/dice.ts';
import type { Plan } from '../plan.ts';
import { faultsOfPayment } from './faults-of-payment.ts';
import { faultsOfWorld } from './faults-of-world.ts';
import { type Left, leave, nothingLeft } from './leave.ts';
import { paymentsOf, spanOf } from './payments.ts';

export interface PlanWishes {
  /** At most 1,000. */
  payments: number;
  /** Times as many as usual; 0 is none. */
  faults: number;
  /** What a smaller plan of the same seed leaves away. */
  left?: Left;
}

/**
 * All that will happen in a world, from its seed. Every choice has a name of its own, so that what `left` takes away
 * changes no other choice.
 *
 * @param seed  A whole number.
 */
export function planOf(seed: number, { payments: wanted, faults, left = nothingLeft }: PlanWishes): Plan {
  const dice = makeDice(seed);
  const payments = paymentsOf(dice, wanted);
  const world = { dice, rate: faults, payments: wanted, span: spanOf(wanted) };
  const all = [...payments.flatMap((payment) => faultsOfPayment(dice, payment, faults)), ...faultsOfWorld(world)];
  return leave({ seed, payments, faults: all }, left);
}
