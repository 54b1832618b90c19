// What merchants are told by webhook, written a second time from the wire's contract: `trigger name`.

const names = `
  create                payment_intent.created
  operation_challenged  payment_intent.requires_action
  authorize             charge.succeeded
  capture               payment_intent.succeeded
  decline               payment_intent.payment_failed
  reject                payment_intent.payment_failed
  abandon               payment_intent.payment_failed
  expire                payment_intent.canceled
  cancel                payment_intent.canceled
  intent_canceled       payment_intent.canceled
  void                  payment_intent.canceled
  review_opened         review.opened
  review_closed         review.closed
  partial_refund        charge.refunded
  refund_all            charge.refunded
  refund_undone         refund.failed
  undo_refund           refund.failed
  undo_settled_refund   refund.failed
  chargeback            charge.dispute.created
`;

const rows = names
  .trim()
  .split('\n')
  .map((line) => line.trim().split(/\s+/));

/** Triggers, and beside them their public names. A void that compensates a refused capture is a payment that failed. */
export const publicNames = {
  triggers: rows.map(([trigger = '']) => trigger),
  names: rows.map(([, name = '']) => name),
};
