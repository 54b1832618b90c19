import { showId } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { PaymentView, RefundView } from '#server/payments/view.ts';
import type { KeyCaller } from '../authenticate.ts';
import { type Failure, invalidRequest } from '../errors.ts';

interface Place {
  payments: Payments;
  caller: KeyCaller;
  paymentId: string;
}

/** The verb's refusals in the wire's words. A refund that asks for too much has no code there. */
export async function asRefund(place: Place, work: () => Promise<RefundView>): Promise<RefundView> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const charge = showId('payment', place.paymentId);
    switch (error.code) {
      case 'already_refunded':
        throw invalidRequest(400, `Charge ${charge} has already been refunded.`, { code: 'charge_already_refunded' });
      case 'amount_too_large':
        throw invalidRequest(400, error.message, { param: 'amount' });
      case 'amount_too_small':
        throw invalidRequest(400, `All of charge ${charge} is refunded or on its way back.`, { param: 'amount' });
      case 'illegal_move':
        throw notRefundable(await place.payments.payment(place.caller, place.paymentId), error);
      default:
        throw error;
    }
  }
}

/** Why a charge that is not captured gives nothing back, and what to do instead. */
export function notRefundable(payment: PaymentView, refusal: Refusal): Failure {
  const charge = `Charge ${showId('payment', payment.id)}`;
  const unexpected = (message: string) => invalidRequest(400, message, { code: 'payment_intent_unexpected_state' });
  const nothing = (what: string) =>
    invalidRequest(400, `${charge} ${what}: no money was taken, so there is nothing to refund.`, {
      code: 'charge_not_refundable',
    });
  switch (payment.state) {
    case 'failed':
      return nothing(ends[payment.failureCode ?? ''] ?? 'failed');
    case 'voided':
      return nothing('was released');
    case 'initiated':
      return nothing('has not been paid');
    case 'authorized':
    case 'capture_pending':
      if (!isWaiting(payment)) return unexpected(`${charge} has not been captured. Cancel its payment intent instead.`);
      return unexpected(waiting(charge));
    case 'payment_method_captured':
    case 'tokenized':
    case 'risk_checked':
      return unexpected(waiting(charge));
    default:
      // It is captured: the verb's own reason stands, such as the limit of operations.
      return invalidRequest(400, refusal.message, { code: 'charge_not_refundable' });
  }
}

const ends: Readonly<Record<string, string>> = {
  canceled: 'was canceled',
  expired: 'has expired',
  risk_rejected: 'was blocked',
};

const waiting = (charge: string) =>
  `${charge} is processing: its provider has not answered yet. Refund it once it has succeeded.`;

function isWaiting({ operations }: PaymentView): boolean {
  return operations.some(({ status }) => status === 'open' || status === 'challenged' || status === 'pending');
}
