import { invariant } from '#server/kernel/invariant.ts';
import type { Ask, Order } from '../contract.ts';
import { readSent } from './answer.ts';

/** Releases all of an authorisation; the order's amount is what is expected to be released. */
export function voidAuthorization(order: Order): Ask {
  invariant(order.authorizationRef, 'a void names its authorisation');
  return {
    request: { method: 'POST', path: `/authorizations/${order.authorizationRef}/voids`, body: {} },
    read: (answer) => readSent(order, answer),
  };
}
