import type Stripe from 'stripe';
import { showId } from '#server/kernel/id.ts';
import type { OperationStatus, RefundView } from '#server/payments/view.ts';
import { below } from '../expand.ts';
import { expandedCharge, type Paid } from './expanded-charge.ts';
import { paymentIntent } from './payment-intent.ts';
import { type Asked, minor, seconds, small } from './wire.ts';

/** A refund is succeeded or failed once its provider has said so; until then it is pending, and its amount reserved. */
const statuses = {
  open: 'pending',
  challenged: 'pending',
  pending: 'pending',
  accepted: 'succeeded',
  refused: 'failed',
  absent: 'failed',
} as const satisfies Record<OperationStatus, string>;

/** `paid`: the payment it gives back, read only where `expand` wants it. */
export function refund(view: RefundView, asked: Asked, paid?: Paid): Stripe.Refund {
  const failed = statuses[view.status] === 'failed';
  return {
    id: showId('refund', view.id),
    object: 'refund',
    amount: minor(view.amount),
    balance_transaction: null,
    charge: chargeOf(view, asked, paid),
    created: seconds(view.createdAt),
    currency: small(view.currency),
    customer: null,
    customer_account: null,
    ...(failed ? { failure_reason: view.status === 'refused' ? 'declined' : 'unknown' } : {}),
    metadata: {},
    payment_intent: intentOf(view, asked, paid),
    payment_method: null,
    reason: view.reason === 'other' ? null : view.reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: statuses[view.status],
    transfer_reversal: null,
  };
}

function chargeOf(view: RefundView, { livemode, expand }: Asked, paid: Paid | undefined): string | Stripe.Charge {
  if (!paid || !expand.has('charge')) return showId('payment', view.paymentId);
  return expandedCharge(paid, { livemode, expand: below(expand, 'charge') });
}

function intentOf(view: RefundView, asked: Asked, paid: Paid | undefined): string | Stripe.PaymentIntent {
  if (!paid || !asked.expand.has('payment_intent')) return showId('intent', view.intentId);
  return paymentIntent(paid.intent, { livemode: asked.livemode, expand: below(asked.expand, 'payment_intent') });
}
