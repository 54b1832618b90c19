import type { LoggedEvent } from '#server/events/consumer.ts';

/**
 * What merchants are told, by what happened. Public names, part of the wire contract: added to, never renamed.
 *
 * An authorization is told as a charge that succeeded, also where its capture is still to come, as `/v1` has it.
 */
const names: Partial<Record<string, string>> = {
  create: 'payment_intent.created',
  operation_challenged: 'payment_intent.requires_action',
  authorize: 'charge.succeeded',
  capture: 'payment_intent.succeeded',
  decline: 'payment_intent.payment_failed',
  reject: 'payment_intent.payment_failed',
  abandon: 'payment_intent.payment_failed',
  expire: 'payment_intent.canceled',
  cancel: 'payment_intent.canceled',
  intent_canceled: 'payment_intent.canceled',
  void: 'payment_intent.canceled',
  review_opened: 'review.opened',
  review_closed: 'review.closed',
  partial_refund: 'charge.refunded',
  refund_all: 'charge.refunded',
  refund_undone: 'refund.failed',
  undo_refund: 'refund.failed',
  undo_settled_refund: 'refund.failed',
  chargeback: 'charge.dispute.created',
};

/** The public name of what happened, or undefined where it is nobody's business. */
export function publicName({ trigger, from }: Pick<LoggedEvent, 'trigger' | 'from'>): string | undefined {
  // A void half-way through makes up for a refused capture: the payment has failed, and its intent may still be paid.
  if (trigger === 'void' && from === 'capture_pending') return 'payment_intent.payment_failed';
  return names[trigger];
}
