import type { Dice } from '../engine/dice.ts';
import type { CardName, PaymentPlan, Wish } from '../plan.ts';

/**
 * From this amount on, in minor units of any currency, risk wants a person to look: the rule that each simulated
 * merchant has.
 */
export const reviewAbove = 200_000;

/** Above this amount risk says no. */
export const rejectAbove = 235_000;

/** Milliseconds of virtual time from one payment's beginning to the next one's, on average. */
const apart = 12;

/** More payments than that in one plan, and their amounts would not be told apart. */
const mostPayments = 1_000;

/** One of several things, each as likely as its weight says. */
export function weighted<T extends string>(dice: Dice, name: string, weights: Readonly<Record<T, number>>): T {
  const entries = Object.entries<number>(weights) as [T, number][];
  let left = dice.of(name) * entries.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [what, weight] of entries) {
    left -= weight;
    if (left < 0) return what;
  }
  return (entries.at(-1) as [T, number])[0];
}

/** The payments of a plan: no two with the same amount, so that a journal's line belongs to one of them alone. */
export function paymentsOf(dice: Dice, payments: number): PaymentPlan[] {
  if (payments > mostPayments) throw new Error(`a plan has at most ${mostPayments} payments`);
  return Array.from({ length: payments }, (_, n) => paymentOf(dice, n, payments * apart));
}

/** How long clients go on beginning, in milliseconds. */
export function spanOf(payments: number): number {
  return payments * apart;
}

function paymentOf(dice: Dice, n: number, span: number): PaymentPlan {
  const name = (what: string) => `payment/${n}/${what}`;
  const captureMethod = dice.chance(name('capture method'), 0.5) ? 'automatic' : 'manual';
  const card = weighted<CardName>(dice, name('card'), { good: 76, insufficient: 7, declined: 5, challenged: 12 });
  const wish = weighted<Wish>(dice, name('wish'), wishes[captureMethod]);
  const large = dice.chance(name('large'), 0.03);
  const thousands = large ? reviewAbove / 1_000 + dice.whole(name('amount'), 50) : 1 + dice.whole(name('amount'), 90);
  const amount = thousands * 1_000 + n;
  const payment: PaymentPlan = {
    n,
    at: dice.whole(name('at'), span),
    merchant: dice.chance(name('merchant'), 0.5) ? 0 : 1,
    amount,
    currency: weighted(dice, name('currency'), { EUR: 60, USD: 25, JPY: 15 }),
    captureMethod,
    card,
    wish,
    refunds: refundsOf(dice, name, { captureMethod, wish, amount }),
    refundsAtOnce: dice.chance(name('at once'), 0.4),
    returns: weighted(dice, name('returns'), { 'at once': 40, late: 20, elsewhere: 25, never: 15 }),
    challenge: weighted(dice, name('challenge'), { pass: 60, fail: 20, leave: 20 }),
  };
  const isDeclined = card === 'insufficient' || card === 'declined';
  if (!isDeclined || !dice.chance(name('second card'), 0.6)) return payment;
  return {
    ...payment,
    secondCard: weighted<CardName>(dice, name('which card'), secondCards),
  };
}

const secondCards: Record<CardName, number> = { good: 80, insufficient: 0, declined: 10, challenged: 10 };

// biome-ignore format: a table
const wishes: Record<PaymentPlan['captureMethod'], Record<Wish, number>> = {
  automatic: { nothing: 92, capture: 0, 'capture part': 0, cancel: 8, 'capture and cancel': 0 },
  manual: { nothing: 6, capture: 44, 'capture part': 20, cancel: 20, 'capture and cancel': 10 },
};

/** What a part is, where a part is captured. */
export function capturedOf({
  captureMethod,
  wish,
  amount,
}: Pick<PaymentPlan, 'captureMethod' | 'wish' | 'amount'>): number {
  if (captureMethod === 'automatic') return amount;
  if (wish === 'capture part') return Math.ceil(amount * 0.6);
  return wish === 'capture' || wish === 'capture and cancel' ? amount : 0;
}

function refundsOf(
  dice: Dice,
  name: (what: string) => string,
  payment: Pick<PaymentPlan, 'captureMethod' | 'wish' | 'amount'>,
): number[] {
  const captured = capturedOf(payment);
  if (captured === 0 || !dice.chance(name('refunded'), 0.4)) return [];
  if (dice.chance(name('refunded whole'), 0.3)) return [captured];
  const times = 1 + dice.whole(name('refunds'), 3);
  return Array.from({ length: times }, (_, nth) => 1 + dice.whole(name(`refund ${nth}`), Math.floor(captured / times)));
}
