import { Refusal } from '#server/kernel/refusal.ts';
import { type Intent, type Operation, type Payment, refundable, unclosedMove } from './core/payment.ts';
import type { IntentView, OperationView, PaymentView, Possible, RefundReason, RefundView } from './view.ts';

/** What leaves the room is written out by hand: a new column is never shown by accident. */
export function paymentView(payment: Payment): PaymentView {
  const { id, merchantId, intentId, attempt, state, version, currency, amount, authorized, captured, refunded } =
    payment;
  const { refundReserved, chargedBack, provider, card, failureCode, failureMessage, createdAt, updatedAt } = payment;
  const { stray, review, queuedUntil } = payment;
  const url = unclosedMove(payment)?.challengeUrl;
  return {
    id,
    merchantId,
    intentId,
    attempt,
    state,
    version,
    currency,
    amount,
    authorized,
    captured,
    refunded,
    refundReserved,
    chargedBack,
    refundable: refundable(payment),
    provider,
    card,
    failureCode,
    failureMessage,
    stray,
    review,
    queuedUntil,
    challenge: url ? { url } : null,
    createdAt,
    updatedAt,
    operations: payment.operations.map(operationView),
  };
}

export function intentView(intent: Intent, payment: Payment | undefined): IntentView {
  const { id, merchantId, amount, currency, captureMethod, description, reference, receiptEmail, metadata } = intent;
  const { canceledAt, cancellationReason, createdAt } = intent;
  return {
    id,
    merchantId,
    amount,
    currency,
    captureMethod,
    description,
    reference,
    receiptEmail,
    metadata,
    canceledAt,
    cancellationReason,
    createdAt,
    payment: payment ? paymentView(payment) : null,
  };
}

function operationView(operation: Operation): OperationView {
  const { id, kind, status, provider, amount, openedAt, closedAt, providerRef, code, message, reason } = operation;
  return { id, kind, status, provider, amount, openedAt, closedAt, providerRef, code, message, reason };
}

/** @throws Refusal `not_found` where the payment has no such refund. */
export function refundView(payment: Payment, refundId: string): RefundView {
  const refund = payment.operations.find(({ id, kind }) => id === refundId && kind === 'refund');
  if (!refund) throw new Refusal('not_found', 'No such refund.');
  return {
    id: refund.id,
    paymentId: payment.id,
    intentId: payment.intentId,
    merchantId: payment.merchantId,
    amount: refund.amount,
    currency: payment.currency,
    status: refund.status,
    reason: refund.reason as RefundReason | null,
    note: refund.note,
    code: refund.code,
    createdAt: refund.openedAt,
  };
}

export function possible(payment: Payment): Possible {
  const free = !unclosedMove(payment);
  const taken = payment.state === 'captured' || payment.state === 'reconciled';
  const held = payment.state === 'authorized';
  return {
    capture: held && free && (payment.review === null || payment.review === 'approved'),
    void: (held || payment.state === 'capture_pending') && free,
    refund: taken && refundable(payment) > 0n,
    review: held && free && payment.review === 'open',
  };
}
