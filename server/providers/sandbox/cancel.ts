import { invariant } from '#server/kernel/invariant.ts';
import type { Ask, Order } from '../contract.ts';
import { readSent } from './answer.ts';

/** Blocks a key, also for a request that arrives later. Refused where it was done already. */
export function cancel(order: Order): Ask {
  invariant(order.blocks, 'a cancel names the key that it blocks');
  return {
    request: { method: 'POST', path: `/operations/${order.blocks}/voids`, body: {} },
    read: (answer) => readSent(order, answer),
  };
}
