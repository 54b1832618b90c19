import { z } from 'zod';
import type { Order, ProviderAnswer } from '../contract.ts';
import type { Exchange, Outcome } from '../outcome.ts';
import { type Decision, decision, outcomeOf, shownOf } from './decision.ts';

/** In the acquirer's words. A cancel, which is about no money, is read by itself. */
const kinds: Partial<Record<Order['kind'], Decision['kind']>> = {
  authorize: 'authorization',
  capture: 'capture',
  void: 'void',
  refund: 'refund',
};

/** The cardholder is asked first (3-D Secure), at this address. */
const challenge = z.object({
  ...decision.shape,
  status: z.literal('challenged'),
  challenge_url: z.url({ protocol: /^https?$/ }).max(2_000),
});

type Challenge = z.infer<typeof challenge>;

/** The status with which each decision is first told. */
const statuses = { approved: 201, declined: 402, refused: 422, challenged: 202 } as const;

/** Reads the answer to a request that was sent. */
export function readSent(order: Order, answer: ProviderAnswer): Outcome {
  const exchange = exchangeOf(answer);
  // The request itself is at fault: it did nothing, and since it is sent again byte for byte it never will.
  if (answer.status === 400) return notUnderstood(exchange);
  const told = decisionIn(answer.body);
  if (told && answer.status === statuses[told.status]) return conclude(order, told, exchange);
  return unknown(`status ${answer.status} without a decision that can be read`, exchange);
}

/** Reads the answer to an inquiry. */
export function readInquiry(order: Order, answer: ProviderAnswer): Outcome {
  const exchange = exchangeOf(answer);
  const told = decisionIn(answer.body);
  if (told && answer.status === 200) return conclude(order, told, exchange);
  return unknown(`inquiry answered with status ${answer.status}`, exchange);
}

function decisionIn(body: unknown): Decision | Challenge | undefined {
  return decision.safeParse(body).data ?? challenge.safeParse(body).data;
}

function conclude(order: Order, told: Decision | Challenge, exchange: Exchange): Outcome {
  const why = differenceOf(order, told);
  if (why) return unknown(why, exchange);
  if (told.status === 'challenged') return { kind: 'challenged', url: told.challenge_url, exchange };
  return outcomeOf(told, exchange);
}

/** How the answer is about something else than what was asked. An answer like that says nothing about our money. */
function differenceOf(order: Order, told: Decision | Challenge): string | undefined {
  const pairs: [what: string, asked: unknown, answered: unknown][] = [
    ['kind', kinds[order.kind], told.kind],
    ['amount', order.amount, BigInt(told.amount)],
    ['currency', order.currency, told.currency],
  ];
  if (order.kind === 'authorize') pairs.push(['authorization', told.id, told.authorization_id]);
  if (order.kind === 'refund') pairs.push(['capture', order.captureRef, told.capture_id]);
  if (order.kind === 'capture' || order.kind === 'void') {
    pairs.push(['authorization', order.authorizationRef, told.authorization_id]);
  }
  const pair = pairs.find(([, asked, answered]) => asked !== answered);
  return pair && `the answer differs in its ${pair[0]}: asked ${pair[1]}, answered ${pair[2]}`;
}

export function notUnderstood(exchange: Exchange): Outcome {
  const message = 'The provider did not understand the request.';
  return { kind: 'refused', code: 'processing_error', providerCode: null, message, retryable: true, exchange };
}

export function unknown(why: string, exchange: Exchange): Outcome {
  return { kind: 'unknown', why, exchange };
}

export function exchangeOf({ status, milliseconds, body }: ProviderAnswer): Exchange {
  return { status, milliseconds, ...shownOf(body) };
}
