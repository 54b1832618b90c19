import { invariant } from '#server/kernel/invariant.ts';
import type { Ask, Order } from '../contract.ts';
import { readSent } from './answer.ts';

/** A part releases the rest. */
export function capture(order: Order): Ask {
  invariant(order.authorizationRef, 'a capture names its authorisation');
  return {
    request: {
      method: 'POST',
      path: `/authorizations/${order.authorizationRef}/captures`,
      body: { amount: Number(order.amount) },
    },
    read: (answer) => readSent(order, answer),
  };
}
