import type { PaymentPlan, Plan, PlannedFault } from '../plan.ts';

/** What is taken out of a seed's plan: by this and the seed alone a plan is named. */
export interface Left {
  /** The payments that remain; where undefined, all. */
  only?: readonly number[];
  /** Ids of faults that do not strike. */
  without: readonly string[];
  /** Payments whose merchant wants nothing more once they are paid. */
  plain: readonly number[];
  /** Payments of the smallest amount that still is theirs alone. */
  small: readonly number[];
}

export const nothingLeft: Left = { without: [], plain: [], small: [] };

/** The plan without it. Faults of payments that are not there are not there either. */
export function leave({ seed, payments, faults }: Plan, { only, without, plain, small }: Left): Plan {
  const kept = new Set(only ?? payments.map(({ n }) => n));
  const out = new Set(without);
  return {
    seed,
    payments: payments
      .filter(({ n }) => kept.has(n))
      .map((payment) => (plain.includes(payment.n) ? plainly(payment) : payment))
      .map((payment) => (small.includes(payment.n) ? smallest(payment) : payment)),
    faults: faults.filter((fault) => !out.has(fault.id) && isOf(fault, kept)),
  };
}

function isOf(fault: PlannedFault, payments: ReadonlySet<number>): boolean {
  return !('payment' in fault) || fault.payment === undefined || payments.has(fault.payment);
}

function plainly(payment: PaymentPlan): PaymentPlan {
  return { ...payment, wish: 'nothing', refunds: [] };
}

function smallest(payment: PaymentPlan): PaymentPlan {
  const amount = 1_000 + payment.n;
  const scale = amount / payment.amount;
  return { ...payment, amount, refunds: payment.refunds.map((refund) => Math.max(1, Math.floor(refund * scale))) };
}
