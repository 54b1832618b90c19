import type { IntentView, OperationKind, PaymentView } from '#server/payments/view.ts';

export type IntentStatus = 'requires_payment_method' | 'processing' | 'requires_capture' | 'succeeded' | 'canceled';

/**
 * Where an intent stands, in the wire's words. A payment that waits for an answer is `processing`, however it waits:
 * `succeeded` and `canceled` are final words, so they are said of what is known and of nothing else.
 */
export function intentStatus({ canceledAt, captureMethod, payment }: IntentView): IntentStatus {
  if (canceledAt) return 'canceled';
  switch (payment?.state) {
    case undefined:
    case 'initiated':
    case 'failed':
    case 'voided':
      return 'requires_payment_method';
    case 'authorized':
      return captureMethod === 'manual' && !isAsked(payment, ['capture', 'void']) ? 'requires_capture' : 'processing';
    case 'captured':
    case 'reconciled':
    case 'refunded':
      return 'succeeded';
    default:
      return 'processing';
  }
}

export type ChargeStatus = 'succeeded' | 'pending' | 'failed';

/** A charge has succeeded once the money is held; whether it is taken stands in `captured`. */
export function chargeStatus({ state }: PaymentView): ChargeStatus {
  switch (state) {
    case 'failed':
      return 'failed';
    case 'initiated':
    case 'payment_method_captured':
    case 'tokenized':
    case 'risk_checked':
      return 'pending';
    default:
      return 'succeeded';
  }
}

/** The latest try to pay; a payment that is only `initiated` is none yet. */
export function latestTry({ payment }: IntentView): PaymentView | null {
  return payment && payment.state !== 'initiated' ? payment : null;
}

/** Whether an operation of one of these kinds has been asked and not yet answered for good. */
function isAsked(payment: PaymentView, kinds: readonly OperationKind[]): boolean {
  return payment.operations.some(
    ({ kind, status }) => kinds.includes(kind) && ['open', 'challenged', 'pending'].includes(status),
  );
}
