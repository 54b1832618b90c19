import type { Dice } from '../engine/dice.ts';
import type { FaultKind } from '../faults.ts';
import { type Asked, type PaymentPlan, type PlannedFault, providerNames } from '../plan.ts';
import { capturedOf, rejectAbove, weighted } from './payments.ts';

/** Makes the fault of one kind for a payment, or none where such a payment can't meet it. */
type Maker = (payment: Foreseen, dice: (what: string) => Throw) => Strike | undefined;
type Strike = PlannedFault extends infer One ? (One extends PlannedFault ? Omit<One, 'id' | 'kind'> : never) : never;

interface Throw {
  between(from: number, below: number): number;
  pick<T>(from: readonly T[]): T;
}

/** A payment, and what will be asked of its providers and by its client if nothing goes wrong. */
interface Foreseen {
  payment: PaymentPlan;
  asked: Asked[];
  /** How many webhooks and how many changing requests there will be. */
  webhooks: number;
  requests: number;
  isCaptured: boolean;
  /** What another of its faults strikes already. */
  aim?: Asked | undefined;
}

const seconds = 1_000;

const exchange =
  (more: (dice: (what: string) => Throw) => { milliseconds?: number; how?: string }, only?: readonly Asked[]): Maker =>
  ({ asked }, dice) => {
    const asks = only ? asked.filter((one) => only.includes(one)) : asked;
    if (asks.length === 0) return undefined;
    return { on: 'exchange', payment: 0, asked: dice('asked').pick(asks), nth: 1, ...more(dice) };
  };

/** A webhook that is lost or late: mostly of what had no answer either, so that nobody tells what became of it. */
const untold =
  (more: (dice: (what: string) => Throw) => { milliseconds?: number } = () => ({})): Maker =>
  ({ webhooks, asked, aim }, dice) => {
    if (webhooks === 0) return undefined;
    const isAimed = aim !== undefined && dice('aimed').between(0, 3) > 0;
    const nth = isAimed ? asked.indexOf(aim) + 1 : dice('nth').between(1, webhooks + 1);
    return { on: 'webhook', payment: 0, nth, ...more(dice) };
  };

const late = (from: number, below: number) => (dice: (what: string) => Throw) => ({
  milliseconds: dice('late').between(from * seconds, below * seconds),
});

const how =
  (...ways: readonly string[]) =>
  (dice: (what: string) => Throw) => ({ how: dice('how').pick(ways) });

const webhook =
  (more: (dice: (what: string) => Throw) => { milliseconds?: number; copies?: number } = () => ({})): Maker =>
  ({ webhooks }, dice) =>
    webhooks === 0
      ? undefined
      : { on: 'webhook', payment: 0, nth: dice('nth').between(1, webhooks + 1), ...more(dice) };

const client: Maker = ({ requests }, dice) => ({ on: 'client', payment: 0, nth: dice('nth').between(1, requests + 1) });

/** The confirmation: what is crossed by a cancel. */
const crossing: Maker = () => ({ on: 'client', payment: 0, nth: 2 });

const refunding: Maker = ({ isCaptured, requests }) =>
  isCaptured ? { on: 'client', payment: 0, nth: requests } : undefined;

interface AtAcquirer {
  /** Seconds after its client began: from, below. */
  from: readonly [number, number];
  /** Seconds. */
  lasts?: readonly [number, number];
  /** Only payments of which one of these is asked. */
  asks?: readonly Asked[];
}

/** A fault that names a payment finds it at whichever acquirer its money is. */
const atAcquirer =
  ({ from, lasts, asks }: AtAcquirer): Maker =>
  ({ payment, asked }, dice) => {
    if (asks && !asks.some((one) => asked.includes(one))) return undefined;
    return {
      on: 'acquirer',
      provider: dice('provider').pick(providerNames),
      payment: 0,
      at: payment.at + dice('at').between(from[0] * seconds, from[1] * seconds),
      ...(lasts && late(...lasts)(dice)),
    };
  };

// biome-ignore format: a table
const makers: Partial<Record<FaultKind, { weight: number; make: Maker }>> = {
  F5:  { weight: 8, make: client },
  F8:  { weight: 7, make: exchange(() => ({})) },
  F9:  { weight: 8, make: exchange(() => ({})) },
  F10: { weight: 6, make: exchange(late(12, 45)) },
  F11: { weight: 4, make: exchange(late(1, 25)) },
  F12: { weight: 6, make: exchange(how('500', '429')) },
  F13: { weight: 5, make: exchange(how('wrong_amount', 'wrong_currency', 'wrong_id', 'broken_json')) },
  F14: { weight: 0.7, make: atAcquirer({ from: [0, 4] }) },
  F15: { weight: 5, make: exchange(late(12, 40)) },
  F16: { weight: 5, make: exchange(late(12, 40), ['authorize']) },
  F17: { weight: 4, make: exchange(late(12, 40), ['authorize']) },
  F19: { weight: 5, make: webhook((dice) => ({ copies: dice('copies').pick([2, 2, 2, 3, 3, 5, 8, 50]) })) },
  F20: { weight: 6, make: webhook(late(2, 90)) },
  F21: { weight: 5, make: webhook() },
  F22: { weight: 3, make: webhook() },
  F23: { weight: 3, make: webhook() },
  F24: { weight: 3, make: webhook() },
  F26: { weight: 7, make: untold() },
  F51: { weight: 5, make: client },
  F52: { weight: 4, make: client },
  F53: { weight: 2, make: client },
  F54: { weight: 4, make: refunding },
  F55: { weight: 5, make: atAcquirer({ from: [0, 1], asks: ['refund'] }) },
  F59: { weight: 4, make: crossing },
  F60: { weight: 4, make: atAcquirer({ from: [0, 1], lasts: [60, 180], asks: ['void', 'refund', 'capture'] }) },
};

/** How likely each further fault of a payment is, at the usual rate. */
const likely = [0.88, 0.6, 0.4, 0.25];

/** What befalls one payment in particular: no kind twice, so that a kind and the payment name the fault. */
export function faultsOfPayment(dice: Dice, payment: PaymentPlan, rate: number): PlannedFault[] {
  const foreseen = foresee(payment);
  const found = new Map<FaultKind, PlannedFault>();
  let aim: Asked | undefined;
  for (const [nth, chance] of likely.entries()) {
    const slot = `payment/${payment.n}/fault/${nth}`;
    if (!dice.chance(slot, chance * rate)) continue;
    const kind = weighted(dice, `${slot}/kind`, weights);
    const strike = makers[kind]?.make({ ...foreseen, aim }, (what) => throwOf(dice, `${slot}/${what}`));
    if (!strike || found.has(kind)) continue;
    found.set(kind, named(kind, payment.n, strike));
    if (strike.on === 'exchange') aim = strike.asked;
  }
  return [...found.values()];
}

const weights = Object.fromEntries(Object.entries(makers).map(([kind, { weight }]) => [kind, weight])) as Record<
  FaultKind,
  number
>;

function named(kind: FaultKind, n: number, strike: Strike): PlannedFault {
  return { ...strike, id: `${kind}.${n}`, kind, payment: n } as PlannedFault;
}

function throwOf(dice: Dice, name: string): Throw {
  return {
    between: (from, below) => from + dice.whole(name, below - from),
    pick: (from) => dice.pick(name, from),
  };
}

function foresee(payment: PaymentPlan): Foreseen {
  const { card, secondCard, challenge, wish, refunds, captureMethod } = payment;
  const holds = (one: PaymentPlan['card'] | undefined) =>
    one === 'good' || (one === 'challenged' && challenge === 'pass');
  const isHeld = payment.amount <= rejectAbove && (holds(card) || holds(secondCard));
  const isCaptured = isHeld && capturedOf(payment) > 0;
  const isVoided = isHeld && captureMethod === 'manual' && wish === 'cancel';
  const asked: Asked[] = ['authorize'];
  if (isCaptured) asked.push('capture');
  if (isVoided) asked.push('void');
  if (isCaptured && refunds.length > 0) asked.push('refund');
  const own = isHeld && captureMethod === 'manual' && wish !== 'nothing' ? 1 : 0;
  const refunded = isCaptured ? refunds.length : 0;
  return {
    payment,
    asked,
    webhooks: (isHeld ? asked.length : 0) + Math.max(0, refunded - 1),
    requests: 2 + own + refunded,
    isCaptured,
  };
}
