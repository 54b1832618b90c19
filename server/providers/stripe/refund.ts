import { invariant } from '#server/kernel/invariant.ts';
import { type Ask, keyOf, type Order } from '../contract.ts';
import { readRefund } from './answer.ts';
import { written } from './client.ts';
import { toUnits } from './units.ts';

export function refund(order: Order): Ask {
  const { captureRef, amount, currency, reference } = order;
  invariant(captureRef, 'a refund names its capture');
  return {
    request: written((stripe, options) =>
      stripe.refunds.create(
        {
          charge: captureRef,
          amount: toUnits(amount, currency),
          metadata: { florin_key: keyOf(order), florin_reference: reference },
        },
        options,
      ),
    ),
    read: (answer) => readRefund(order, answer),
  };
}
