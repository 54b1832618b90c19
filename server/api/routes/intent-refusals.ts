import { showId } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { IntentView } from '#server/payments/view.ts';
import type { KeyCaller } from '../authenticate.ts';
import { type Failure, invalidRequest, type WireError } from '../errors.ts';
import type { Answer } from '../idempotency.ts';
import { declineOf } from '../objects/decline.ts';
import { paymentIntent } from '../objects/payment-intent.ts';
import { type IntentStatus, intentStatus } from '../objects/status.ts';
import type { Asked } from '../objects/wire.ts';

/** What each verb says of an intent that is not where it has to be. */
const sentences = {
  confirm: (status) =>
    `You cannot confirm this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be confirmed: requires_payment_method.`,
  capture: (status) =>
    status === 'succeeded'
      ? 'The remaining amount on this PaymentIntent could not be captured because the remainder of the authorized amount has been released.'
      : `This PaymentIntent could not be captured because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
  cancel: (status) =>
    `You cannot cancel this PaymentIntent because it has a status of ${status}. Only a PaymentIntent with one of the following statuses may be canceled: requires_payment_method, requires_capture.`,
} as const satisfies Record<string, (status: IntentStatus) => string>;

/** Whether a verb was refused because of where the intent stands. */
export function isOfState(error: unknown): boolean {
  return error instanceof Refusal && ofState.includes(error.code);
}

const ofState = ['illegal_move', 'operation_unclosed', 'intent_canceled', 'live_payment_exists'];

interface Place {
  payments: Payments;
  caller: KeyCaller;
  id: string;
  asked: Asked;
}

/**
 * Runs a verb. Where it is refused because of the intent's state, or `work` itself gives nothing back, the caller hears
 * so in the wire's words, with the intent as it stands.
 */
export async function inState(
  verb: keyof typeof sentences,
  place: Place,
  work: () => Promise<IntentView | undefined>,
): Promise<IntentView> {
  try {
    const done = await work();
    if (done) return done;
  } catch (error) {
    if (!isOfState(error)) throw error;
  }
  const intent = await place.payments.intent(place.caller, place.id);
  throw invalidRequest(400, sentences[verb](intentStatus(intent)), {
    code: 'payment_intent_unexpected_state',
    payment_intent: paymentIntent(intent, place.asked),
  });
}

export function amountTooLarge(): Failure {
  const message =
    'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge.';
  return invalidRequest(400, message, { code: 'amount_too_large', param: 'amount_to_capture' });
}

/** The answer to an attempt that was refused: a card error with all that the merchant may know; else undefined. */
export function declineAnswer(intent: IntentView, asked: Asked): Answer | undefined {
  const { payment } = intent;
  const decline = payment && declineOf(payment);
  if (!decline) return undefined;
  const error: WireError = {
    type: 'card_error',
    code: decline.code,
    decline_code: decline.declineCode,
    message: decline.message,
    charge: showId('payment', payment.id),
    payment_intent: paymentIntent(intent, asked),
    payment_method_type: 'card',
  };
  return { status: 402, body: { error }, about: { intent: intent.id, payment: payment.id, code: decline.declineCode } };
}

/** The answer to a cancellation that the provider would not carry out: given, and given again, like any other. */
export function voidRefused(intent: IntentView, asked: Asked): Answer {
  const error: WireError = {
    type: 'invalid_request_error',
    code: 'payment_intent_unexpected_state',
    message:
      'The provider refused to release this authorization. Try again with another idempotency key, or capture it and refund it.',
    payment_intent: paymentIntent(intent, asked),
  };
  return { status: 400, body: { error }, about: { intent: intent.id, payment: intent.payment?.id } };
}
