import { Refusal } from '#server/kernel/refusal.ts';

/**
 * What the database's own walls say, in words. They stand behind the decision's: who meets one has found a race or a
 * bug.
 */
const walls: Record<string, ConstructorParameters<typeof Refusal>> = {
  payments_review_before_capture: ['review_open', 'A person has to approve this payment before it is captured.'],
  payments_queued: ['illegal_move', 'Only a payment that nobody was asked for yet can wait in the queue.'],
  escalations_one_open: ['stale', 'This is before a person already.'],
  escalations_second_person: ['second_person', 'Another person has to confirm what one has found.'],
  escalations_of_their_payment: ['illegal_move', 'An escalation is of its payment, its merchant and its currency.'],
  events_legal: ['illegal_move', 'The table of moves has no such step.'],
  events_one_path: ['stale', 'The event does not follow its payment and its predecessor.'],
  events_payment_id_seq_pk: ['stale', 'The payment has changed in the meantime.'],
  payments_have_their_event: ['illegal_move', 'A payment changes only together with its event.'],
  payments_one_live: ['live_payment_exists', 'Another payment of this intent is still under way.'],
  payments_attempt: ['live_payment_exists', 'Another payment of this intent is still under way.'],
  intents_pkey: ['stale', 'This intent exists already.'],
  operations_one_unclosed: ['operation_unclosed', 'Another operation on this payment is still without an answer.'],
  operations_own_ref: ['illegal_move', "This is another payment's at the provider. Look again which one is meant."],
  operations_one_capture: ['illegal_move', 'This payment is captured already.'],
  payments_authorized_at_most_amount: ['amount_too_large', 'More than the payment asks for cannot be authorized.'],
  payments_captured_at_most_authorized: ['amount_too_large', 'More than is authorized cannot be captured.'],
  payments_refunds_at_most_captured: ['amount_too_large', 'More than was captured cannot be refunded.'],
  payments_refunds_at_most_reconciled: ['amount_too_large', 'More than was settled cannot be refunded.'],
  payments_charged_back_at_most_captured: ['amount_too_large', 'More than was captured cannot be charged back.'],
  payments_state_has_amounts: ['illegal_move', 'The amounts do not fit the state.'],
  payments_risk_before_money: ['illegal_move', 'No payment goes on without a verdict on its risk.'],
  payments_verdict: ['illegal_move', 'No payment goes on without a verdict on its risk.'],
  payments_end_closed: ['operation_unclosed', 'A payment does not end while an operation on it has no answer.'],
  operations_stay_closed: ['stale', 'This operation has its answer already.'],
  operations_of_their_payment: ['illegal_move', 'An operation is of its payment, its merchant and its currency.'],
  postings_of_their_payment: ['illegal_move', 'A posting is of its payment, its merchant and its currency.'],
  risk_verdicts_of_their_payment: ['illegal_move', 'A verdict is of its payment, its merchant and its currency.'],
  postings_within_chart: ['illegal_move', "The ledger's chart has no such posting between these accounts."],
  postings_reverse: ['illegal_move', 'A posting takes back what was posted, and all of it.'],
  postings_reversed_once: ['stale', 'This posting was taken back already.'],
  payments_settled_once: ['illegal_move', 'What was settled is written once, by the event that tells of it.'],
  payments_not_negative: ['amount_invalid', 'An amount cannot be negative.'],
  operations_amount: ['amount_invalid', 'An operation moves at least one minor unit.'],
  idempotency_keys_key: ['invalid_input', 'An idempotency key has 1 to 255 characters.'],
  postings_amount: ['amount_invalid', 'A posting moves at least one minor unit.'],
  postings_two_accounts: ['amount_invalid', 'A posting moves from one account to another.'],
};

/** The refusal that a broken constraint stands for; any other error as it is. */
export function refusalOfConstraint(error: unknown): unknown {
  const name = (error as { constraint_name?: string }).constraint_name;
  const wall = name === undefined ? undefined : walls[name];
  return wall ? new Refusal(...wall) : error;
}
