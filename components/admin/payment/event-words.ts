import type { EventTrigger } from '#server/payments/view.ts';
import type { Tone } from '../../tone.ts';

/** What each event is called on the timeline. Forget one and it does not compile. */
export const eventWords = {
  create: 'Payment created',
  collect: 'Card entered',
  tokenize: 'Card exchanged for a token',
  approve: 'Approved by risk',
  reject: 'Rejected by risk',
  expire: 'Ran out of time',
  cancel: 'Given up by the merchant',
  authorize: 'Approved by the bank',
  decline: 'Declined by the bank',
  abandon: 'Given up: the provider never heard of it',
  begin_capture: 'Capture sent',
  capture: 'Money taken',
  void: 'Hold released',
  reconcile: 'Matched with the settlement',
  refund_all: 'Refunded in full',
  undo_refund: 'Refund taken back',
  undo_settled_refund: 'Refund taken back after settlement',
  operation_opened: 'Sent to the provider',
  operation_unanswered: 'No answer yet',
  operation_challenged: 'The bank asks the shopper to confirm',
  operation_pending: 'Accepted, not final yet',
  operation_absent: 'The provider never heard of it',
  intent_canceled: 'Order canceled',
  operation_refused: 'Refused',
  partial_refund: 'Partly refunded',
  chargeback: 'Charged back',
  foreign_effect: 'Done in the provider’s own console',
  review_opened: 'Held for review',
  review_closed: 'Review closed',
  settled: 'Settled',
  late_effect: 'Money moved after the end',
  stray_returned: 'Stray money returned',
} as const satisfies Record<EventTrigger, string>;

const tones: Partial<Record<EventTrigger, Tone>> = {
  approve: 'ok',
  authorize: 'ok',
  capture: 'ok',
  reconcile: 'settled',
  partial_refund: 'ok',
  refund_all: 'ok',
  void: 'ok',
  reject: 'bad',
  decline: 'bad',
  operation_refused: 'bad',
  chargeback: 'bad',
  operation_opened: 'wait',
  begin_capture: 'wait',
  operation_pending: 'wait',
  operation_challenged: 'wait',
  operation_unanswered: 'warn',
  late_effect: 'warn',
  foreign_effect: 'warn',
};

export function eventTone(trigger: EventTrigger): Tone {
  return tones[trigger] ?? 'neutral';
}
