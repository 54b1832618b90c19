import { type Ask, keyOf, type Order } from '../contract.ts';
import { readIntent, unknown } from './answer.ts';
import { written } from './client.ts';
import { inquire } from './inquire.ts';
import { authorizationOf } from './intent.ts';
import { toUnits } from './units.ts';

/**
 * Creates and confirms an intent whose capture is ours to ask for. After a challenge the intent goes on by itself: then
 * there is nothing to be sent a second time, and what has become of it is looked up.
 */
export function authorize(order: Order): Ask {
  return order.step > 1 ? lookUp(order) : create(order);
}

function lookUp(order: Order): Ask {
  const { request, read } = inquire(order);
  return {
    request,
    read(answer) {
      const outcome = read(answer);
      return outcome.kind === 'absent' ? unknown('the challenged intent is not listed', outcome.exchange) : outcome;
    },
  };
}

function create(order: Order): Ask {
  const { amount, currency, reference, returnUrl } = order;
  // The field for a card's own digits is left out of the client's types: it is for those who may see them.
  const payment_method_data = {
    type: 'card' as const,
    card: {
      number: '{{card.number}}',
      exp_month: '{{card.exp_month}}',
      exp_year: '{{card.exp_year}}',
      cvc: '{{card.cvc}}',
    },
  };
  return {
    request: written((stripe, options) =>
      stripe.paymentIntents.create(
        {
          amount: toUnits(amount, currency),
          currency: currency.toLowerCase(),
          capture_method: 'manual',
          confirm: true,
          allowed_payment_method_types: ['card'],
          payment_method_data,
          metadata: { florin_key: keyOf(order), florin_reference: reference },
          // With nowhere to come back from the bank's page, being asked to go there is a decline.
          ...(returnUrl === undefined ? { error_on_requires_action: true } : { return_url: returnUrl }),
        },
        options,
      ),
    ),
    read: (answer) => readIntent(order, answer, authorizationOf),
  };
}
