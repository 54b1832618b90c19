import type { Order, ProviderAnswer } from '../contract.ts';
import type { Exchange, Outcome } from '../outcome.ts';
import { outcomeOfError } from './errors.ts';
import type { Reading } from './intent.ts';
import { intentForm, refundForm, shownOf } from './objects.ts';
import { refundOutcome } from './refund-outcome.ts';

/** Reads the answer to a request on an intent. */
export function readIntent(order: Order, answer: ProviderAnswer, reading: Reading): Outcome {
  const exchange = exchangeOf(answer);
  const told = intentForm.safeParse(answer.body);
  if (!told.success || answer.status !== 200) return outcomeOfError(answer, exchange) ?? unreadable(answer, exchange);
  const outcome = reading(told.data, exchange);
  // To what was just asked, "nothing has happened" is no answer.
  if (outcome.kind === 'absent') return unknown('the answer says that nothing has changed', exchange);
  return concerning(order, outcome, { authorization: told.data.id });
}

export function readRefund(order: Order, answer: ProviderAnswer): Outcome {
  const exchange = exchangeOf(answer);
  const told = refundForm.safeParse(answer.body);
  if (!told.success || answer.status !== 200) return outcomeOfError(answer, exchange) ?? unreadable(answer, exchange);
  return concerning(order, refundOutcome(told.data, exchange), { capture: told.data.charge });
}

/** An answer about something else than what was asked says nothing about our money. */
export function concerning(
  order: Order,
  outcome: Outcome,
  told: { authorization?: string; capture?: string },
): Outcome {
  const { exchange } = outcome;
  const { authorizationRef, captureRef } = order;
  const others = [
    order.kind !== 'authorize' && told.authorization !== undefined && told.authorization !== authorizationRef,
    told.capture !== undefined && told.capture !== captureRef,
  ];
  if (others.includes(true)) return unknown('the answer is about another payment', exchange);
  if (outcome.kind !== 'accepted') return outcome;
  if (outcome.amount === order.amount && outcome.currency === order.currency) return outcome;
  const [asked, answered] = [order, outcome].map(({ amount, currency }) => `${amount} ${currency}`);
  return unknown(`the answer differs: asked ${asked}, answered ${answered}`, exchange);
}

export function exchangeOf({ status, milliseconds, body }: ProviderAnswer, meant: unknown = body): Exchange {
  const answer = shownOf(meant);
  return { status, milliseconds, ...(answer && { answer }) };
}

export function unknown(why: string, exchange: Exchange): Outcome {
  return { kind: 'unknown', why, exchange };
}

export function unreadable({ status }: ProviderAnswer, exchange: Exchange): Outcome {
  return unknown(`status ${status} without a decision that can be read`, exchange);
}
