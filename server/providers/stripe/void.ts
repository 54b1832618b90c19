import { invariant } from '#server/kernel/invariant.ts';
import type { Ask, Order } from '../contract.ts';
import { readIntent } from './answer.ts';
import { written } from './client.ts';
import { voidOf } from './intent.ts';

/** Cancels the intent, which releases all of the authorisation. */
export function voidAuthorization(order: Order): Ask {
  const { authorizationRef } = order;
  invariant(authorizationRef, 'a void names its authorisation');
  return {
    request: written((stripe, options) => stripe.paymentIntents.cancel(authorizationRef, {}, options)),
    read: (answer) => readIntent(order, answer, voidOf),
  };
}
