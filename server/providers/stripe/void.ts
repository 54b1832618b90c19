import type Stripe from 'stripe';
import { z } from 'zod';
import { invariant } from '#server/kernel/invariant.ts';
import type { Ask, Order, ProviderAnswer } from '../contract.ts';
import { readIntent } from './answer.ts';
import { written } from './client.ts';
import { voidOf } from './intent.ts';

/** Cancels the intent, which releases all of the authorisation. One that is cancelled already is released. */
export function voidAuthorization(order: Order): Ask {
  return ended(order, {});
}

/** The end of an intent, for a void as for a cancel. */
export function ended(order: Order, why: Stripe.PaymentIntentCancelParams): Ask {
  const { authorizationRef } = order;
  invariant(authorizationRef, 'a void names its authorisation, and a cancel the challenged one');
  return {
    request: written((stripe, options) => stripe.paymentIntents.cancel(authorizationRef, why, options)),
    read: (answer) => readIntent(order, standing(answer), voidOf),
  };
}

const unexpected = z.object({
  error: z.object({
    code: z.literal('payment_intent_unexpected_state'),
    payment_intent: z.looseObject({ status: z.literal('canceled') }),
  }),
});

/** To cancel what is cancelled is an error that shows the intent: it is read as if it had just been done. */
function standing(answer: ProviderAnswer): ProviderAnswer {
  const told = unexpected.safeParse(answer.body);
  if (!told.success || answer.status !== 400) return answer;
  return { ...answer, status: 200, body: told.data.error.payment_intent };
}
