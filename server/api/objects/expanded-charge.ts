import type Stripe from 'stripe';
import type { IntentView, PaymentView } from '#server/payments/view.ts';
import { below } from '../expand.ts';
import { charge } from './charge.ts';
import { paymentIntent } from './payment-intent.ts';
import type { Asked } from './wire.ts';

/** A payment together with what it pays. */
export interface Paid {
  payment: PaymentView;
  intent: IntentView;
}

/** A charge, and in it the payment intent where it is asked for. */
export function expandedCharge({ payment, intent }: Paid, { livemode, expand }: Asked): Stripe.Charge {
  const plain = charge(payment, intent, livemode);
  if (!expand.has('payment_intent')) return plain;
  return { ...plain, payment_intent: paymentIntent(intent, { livemode, expand: below(expand, 'payment_intent') }) };
}
