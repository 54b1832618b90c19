import type { Ask, Order } from '../contract.ts';
import { readSent } from './answer.ts';

export function authorize(order: Order): Ask {
  const card = {
    number: '{{card.number}}',
    exp_month: '{{card.exp_month}}',
    exp_year: '{{card.exp_year}}',
    cvc: '{{card.cvc}}',
  };
  const { currency, reference, returnUrl } = order;
  return {
    request: {
      method: 'POST',
      path: '/authorizations',
      body: {
        amount: Number(order.amount),
        currency,
        reference,
        ...(returnUrl !== undefined && { return_url: returnUrl }),
        card,
      },
    },
    read: (answer) => readSent(order, answer),
  };
}
