// The states of a payment, its moves and its facts, written a second time, from the design's section 4. A test outside
// this folder holds the two tables against each other; nothing here is made from the other one.

/** `from trigger to`: what leads from one state to another. */
const moves = `
  initiated                collect              payment_method_captured
  initiated                expire               failed
  initiated                cancel               failed
  payment_method_captured  tokenize             tokenized
  payment_method_captured  expire               failed
  payment_method_captured  cancel               failed
  tokenized                approve              risk_checked
  tokenized                reject               failed
  tokenized                expire               failed
  tokenized                cancel               failed
  risk_checked             authorize            authorized
  risk_checked             decline              failed
  risk_checked             abandon              failed
  authorized               begin_capture        capture_pending
  authorized               void                 voided
  capture_pending          capture              captured
  capture_pending          void                 voided
  captured                 reconcile            reconciled
  captured                 refund_all           refunded
  reconciled               refund_all           refunded
  refunded                 undo_refund          captured
  refunded                 undo_settled_refund  reconciled
`;

/** What may happen in any state from the first request on, without the state's being left. */
const everywhere = `
  operation_opened operation_unanswered operation_resent operation_pending operation_absent operation_refused
  late_effect foreign_effect stray_returned
  escalated escalation_proposed escalation_withdrawn escalation_closed
`;

/** And what may happen in some of them only. */
const somewhere: Record<string, string> = {
  risk_checked: 'operation_challenged queued',
  authorized: 'review_opened review_closed',
  capture_pending: '',
  captured: 'partial_refund refund_undone refund_settled chargeback',
  reconciled: 'partial_refund refund_undone refund_settled chargeback',
  refunded: 'settled refund_settled chargeback',
  failed: 'intent_canceled',
  voided: 'intent_canceled',
};

function words(text: string): string[] {
  return text.split(/\s+/).filter(Boolean);
}

/** How a payment begins: from no state. */
export const birth = 'create initiated';

/** Every legal step as `from trigger to`, the birth left out. */
export const legalSteps: readonly string[] = [
  ...moves
    .trim()
    .split('\n')
    .map((line) => words(line).join(' ')),
  ...Object.entries(somewhere).flatMap(([state, more]) =>
    [...words(everywhere), ...words(more)].map((fact) => `${state} ${fact} ${state}`),
  ),
];
