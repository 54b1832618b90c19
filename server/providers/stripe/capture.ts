import { invariant } from '#server/kernel/invariant.ts';
import { type Ask, keyOf, type Order } from '../contract.ts';
import { readIntent } from './answer.ts';
import { written } from './client.ts';
import { captureOf } from './intent.ts';
import { toUnits } from './units.ts';

/** A part releases the rest. What Stripe keeps of it is in the answer. */
export function capture(order: Order): Ask {
  const { authorizationRef, amount, currency } = order;
  invariant(authorizationRef, 'a capture names its authorisation');
  return {
    request: written((stripe, options) =>
      stripe.paymentIntents.capture(
        authorizationRef,
        {
          amount_to_capture: toUnits(amount, currency),
          metadata: { florin_capture: keyOf(order) },
          expand: ['latest_charge.balance_transaction'],
        },
        options,
      ),
    ),
    read: (answer) => readIntent(order, answer, captureOf),
  };
}
