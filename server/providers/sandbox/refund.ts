import { invariant } from '#server/kernel/invariant.ts';
import type { Ask, Order } from '../contract.ts';
import { readSent } from './answer.ts';

export function refund(order: Order): Ask {
  invariant(order.captureRef, 'a refund names its capture');
  return {
    request: { method: 'POST', path: `/captures/${order.captureRef}/refunds`, body: { amount: Number(order.amount) } },
    read: (answer) => readSent(order, answer),
  };
}
