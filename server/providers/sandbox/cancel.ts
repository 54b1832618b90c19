import { z } from 'zod';
import { invariant } from '#server/kernel/invariant.ts';
import type { Ask, Order, ProviderAnswer } from '../contract.ts';
import type { Outcome } from '../outcome.ts';
import { exchangeOf, notUnderstood, unknown } from './answer.ts';
import { decision, refusal } from './decision.ts';

/** Nobody's money: it names the key that it blocks, and no amount. */
const tombstone = z.object({
  id: decision.shape.id,
  kind: z.literal('tombstone'),
  status: z.enum(['approved', 'refused']),
  authorization_id: z.string(),
  code: decision.shape.code,
  message: decision.shape.message,
});

const statuses = { approved: 201, refused: 422 } as const;

/** Blocks a key, also for a request that arrives later. Refused where it was done already. */
export function cancel(order: Order): Ask {
  invariant(order.blocks, 'a cancel names the key that it blocks');
  return {
    request: { method: 'POST', path: `/operations/${order.blocks}/voids`, body: {} },
    read: (answer) => readCancel(order, answer, (told) => statuses[told]),
  };
}

/** @param status  The HTTP status with which each decision is told. */
export function readCancel(
  order: Order,
  answer: ProviderAnswer,
  status: (told: keyof typeof statuses) => number,
): Outcome {
  const exchange = exchangeOf(answer);
  if (answer.status === 400) return notUnderstood(exchange);
  const told = tombstone.safeParse(answer.body).data;
  if (!told || answer.status !== status(told.status)) {
    return unknown(`status ${answer.status} without a decision that can be read`, exchange);
  }
  if (told.authorization_id !== order.blocks) {
    return unknown(`the answer differs in its key: asked ${order.blocks}, answered ${told.authorization_id}`, exchange);
  }
  if (told.status === 'refused') return refusal(told, exchange);
  const { amount, currency } = order;
  return { kind: 'accepted', providerRef: told.id, amount, currency, exchange };
}
