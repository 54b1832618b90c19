import type Stripe from 'stripe';
import { showId } from '#server/kernel/id.ts';
import type { IntentView, PaymentView } from '#server/payments/view.ts';
import { charge } from './charge.ts';
import { declineOf } from './decline.ts';
import { intentStatus, latestTry } from './status.ts';
import { type Asked, minor, seconds, small } from './wire.ts';

/**
 * An intent as `payment_intent`: every key that the client's types require, null where Florin has nothing to say.
 * `payment_method` is null because a token is good for one payment and is not kept, `client_secret` because the browser
 * speaks with the vault and the checkout, never with this API.
 */
export function paymentIntent(intent: IntentView, asked: Asked): Stripe.PaymentIntent {
  const payment = latestTry(intent);
  const status = intentStatus(intent);
  return {
    id: showId('intent', intent.id),
    object: 'payment_intent',
    allowed_payment_method_types: null,
    amount: minor(intent.amount),
    amount_capturable: status === 'requires_capture' && payment ? minor(payment.authorized) : 0,
    amount_received: payment ? minor(payment.captured) : 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: null,
    canceled_at: intent.canceledAt ? seconds(intent.canceledAt) : null,
    cancellation_reason: intent.canceledAt ? cancellationReason(intent.cancellationReason) : null,
    capture_method: intent.captureMethod,
    client_secret: null,
    confirmation_method: 'automatic',
    created: seconds(intent.createdAt),
    currency: small(intent.currency),
    customer: null,
    customer_account: null,
    description: intent.description,
    excluded_payment_method_types: null,
    last_payment_error: payment && lastPaymentError(payment),
    latest_charge: payment && latestCharge(intent, payment, asked),
    livemode: asked.livemode,
    managed_payments: null,
    metadata: intent.metadata,
    next_action: null,
    on_behalf_of: null,
    ...(intent.reference ? { payment_details: orderReference(intent.reference) } : {}),
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: intent.receiptEmail,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status,
    transfer_group: null,
  };
}

function latestCharge(intent: IntentView, payment: PaymentView, { livemode, expand }: Asked): string | Stripe.Charge {
  return expand.has('latest_charge') ? charge(payment, intent, livemode) : showId('payment', payment.id);
}

function lastPaymentError(payment: PaymentView): Stripe.PaymentIntent.LastPaymentError | null {
  const decline = declineOf(payment);
  if (!decline) return null;
  const { code, declineCode, message } = decline;
  return { type: 'card_error', code, decline_code: declineCode, message, charge: showId('payment', payment.id) };
}

/** What the wire has no word for was decided by Florin: `automatic`. */
function cancellationReason(reason: string | null): string {
  const known = ['abandoned', 'duplicate', 'expired', 'fraudulent', 'requested_by_customer'];
  return reason !== null && known.includes(reason) ? reason : 'automatic';
}

function orderReference(reference: string): Stripe.PaymentIntent.PaymentDetails {
  return { customer_reference: null, order_reference: reference };
}
