import type Stripe from 'stripe';
import { showId } from '#server/kernel/id.ts';
import type { CardView, IntentView, PaymentView } from '#server/payments/view.ts';
import { declineOf, isUnsent } from './decline.ts';
import { chargeStatus } from './status.ts';
import { minor, seconds, small } from './wire.ts';

/** A payment as `charge`, nothing in it expanded. A released authorisation reads as refunded, as the wire has it. */
export function charge(payment: PaymentView, intent: IntentView, livemode: boolean): Stripe.Charge {
  const decline = declineOf(payment);
  const released = payment.state === 'voided';
  return {
    id: showId('payment', payment.id),
    object: 'charge',
    amount: minor(payment.amount),
    amount_captured: minor(payment.captured),
    amount_refunded: minor(released ? payment.amount : payment.refunded),
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: { address: null, email: intent.receiptEmail, name: null, phone: null, tax_id: null },
    calculated_statement_descriptor: null,
    captured: payment.captured > 0n,
    created: seconds(payment.createdAt),
    currency: small(payment.currency),
    customer: null,
    description: intent.description,
    disputed: payment.chargedBack > 0n,
    failure_balance_transaction: null,
    failure_code: decline?.code ?? null,
    failure_message: decline?.message ?? null,
    fraud_details: null,
    livemode,
    metadata: intent.metadata,
    on_behalf_of: null,
    outcome: outcome(payment),
    paid: chargeStatus(payment) === 'succeeded',
    payment_intent: showId('intent', intent.id),
    payment_method: null,
    payment_method_details: payment.card && { type: 'card', card: cardDetails(payment.card, payment) },
    receipt_email: intent.receiptEmail,
    receipt_number: null,
    receipt_url: null,
    refunded: released || (payment.captured > 0n && payment.refunded >= payment.captured),
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: chargeStatus(payment),
    transfer_data: null,
    transfer_group: null,
  };
}

/** Null while nobody has answered. */
function outcome(payment: PaymentView): Stripe.Charge.Outcome | null {
  const status = chargeStatus(payment);
  if (status === 'pending') return null;
  const none = { advice_code: null, network_advice_code: null, network_decline_code: null };
  if (status === 'succeeded') {
    const seller_message = 'Payment complete.';
    return { ...none, type: 'authorized', network_status: 'approved_by_network', reason: null, seller_message };
  }
  const reason = declineOf(payment)?.declineCode ?? null;
  if (isUnsent(payment)) {
    const seller_message = payment.failureMessage ?? 'The card was not sent to any network.';
    return { ...none, type: 'invalid', network_status: 'not_sent_to_network', reason, seller_message };
  }
  const blocked = payment.failureCode === 'risk_rejected';
  return {
    ...none,
    type: blocked ? 'blocked' : 'issuer_declined',
    network_status: blocked ? 'not_sent_to_network' : 'declined_by_network',
    reason,
    seller_message: blocked ? 'Blocked by your risk rules.' : (payment.failureMessage ?? 'The card was declined.'),
  };
}

function cardDetails(card: CardView, payment: PaymentView): Stripe.Charge.PaymentMethodDetails.Card {
  return {
    amount_authorized: minor(payment.authorized),
    authorization_code: null,
    brand: card.brand,
    checks: null,
    country: null,
    electronic_commerce_indicator: null,
    exp_month: card.expMonth,
    exp_year: card.expYear,
    funding: null,
    installments: null,
    last4: card.last4,
    mandate: null,
    network: card.brand,
    network_transaction_id: null,
    regulated_status: null,
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}
