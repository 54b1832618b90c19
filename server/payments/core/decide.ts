import { formatMoney } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Verdict } from '#server/risk/verdict.ts';
import type { Plan } from '#server/routing/plan.ts';
import type { CardView } from '../view.ts';
import { about, type Because, Change } from './change.ts';
import { queue, unqueue } from './decide-onward.ts';
import { isLive } from './machine.ts';
import { type Intent, type Operation, operationsAtMost, type Payment, refundable, unclosedMove } from './payment.ts';

/** What a card and its risk turned out to be, and the authorisation to be asked if both are well. */
export interface Confirmation {
  token: string;
  card: CardView;
  fingerprint: string;
  verdict: Verdict;
  plan: Plan;
  returnUrl: string | null;
  /** Undefined where no provider takes charges at the moment: the payment is queued. */
  authorize: Operation | undefined;
  at: Date;
  queueFor: number;
}

/** Decides the opening of an intent with its first payment. */
export function decideCreate(intent: Intent, payment: Payment, because: Because): Change {
  return new Change(payment, because).create(intent, { capture_method: intent.captureMethod });
}

/** @throws Refusal unless the intent may be tried to be paid now. Asked before the vault and risk are troubled. */
export function mayConfirm(intent: Intent, payment: Payment | undefined): void {
  if (intent.canceledAt) throw new Refusal('intent_canceled', 'This payment was cancelled. Make a new one.');
  if (!payment || payment.state === 'initiated' || !isLive(payment.state)) return;
  if (unclosedMove(payment) || payment.queuedUntil)
    throw new Refusal('operation_unclosed', 'This payment is already being made.');
  throw new Refusal('illegal_move', `This payment is ${payment.state} already.`);
}

/**
 * Decides what a shopper's confirmation leads to: to an authorisation, or, where risk says no, to `failed` without any
 * provider having heard of it. `payment` is the initiated one, or a new attempt after a decline.
 */
export function decideConfirm(intent: Intent, payment: Payment, confirmation: Confirmation, because: Because): Change {
  const { card, verdict, authorize, plan, returnUrl, at, queueFor } = confirmation;
  const change = new Change(payment, because);
  if (payment.version === 0) change.create(intent, { attempt: payment.attempt });
  change.move('collect').move('tokenize', { data: { brand: card.brand, last4: card.last4 } });
  change.set({ token: confirmation.token, card, fingerprint: confirmation.fingerprint, verdictId: verdict.id });
  change.verdict = verdict;
  const risk = { score: verdict.score, reasons: verdict.reasons };
  if (verdict.decision === 'reject') {
    return change
      .move('reject', { data: { risk } })
      .set({ failureCode: 'risk_rejected', failureMessage: 'The payment was blocked by a risk rule.' });
  }
  change.move('approve', { data: { risk } });
  change.set({ returnUrl, untried: plan.providers.slice(1), review: verdict.decision === 'review' ? 'open' : null });
  if (!authorize) return queue(change, { at, since: at, queueFor });
  return change
    .set({ provider: authorize.provider })
    .fact('operation_opened', { ...about(authorize), data: { plan: plan.reason } })
    .open(authorize);
}

/** Decides a capture. A part releases the rest: one capture per authorisation. */
export function decideCapture(payment: Payment, capture: Operation, because: Because): Change {
  if (payment.state !== 'authorized')
    throw new Refusal('illegal_move', `A payment that is ${payment.state} cannot be captured.`);
  refuseUnclosed(payment);
  if (payment.review === 'open') {
    throw new Refusal('review_open', 'Risk wants a person to look at this payment first. Approve or reject it.');
  }
  if (payment.review === 'rejected') {
    throw new Refusal('illegal_move', 'A person has rejected this payment. It can only be voided.');
  }
  if (capture.amount <= 0n)
    throw new Refusal('amount_too_small', 'Capture at least one minor unit.', { param: 'amount' });
  if (capture.amount > payment.authorized) {
    throw new Refusal('amount_too_large', `Only ${shown(payment, payment.authorized)} is authorized.`, {
      param: 'amount',
    });
  }
  return new Change(payment, because)
    .move('begin_capture', { ...about(capture), data: { reason: capture.reason } })
    .set({ heldUntil: null })
    .open(capture);
}

/** Decides the end of an authorisation that nothing was captured of. */
export function decideVoid(payment: Payment, release: Operation, because: Because): Change {
  // Also half-way, where a capture was refused and its compensation too: the card must not be left held.
  if (payment.state !== 'authorized' && payment.state !== 'capture_pending') {
    throw new Refusal('illegal_move', `A payment that is ${payment.state} cannot be voided.`);
  }
  refuseUnclosed(payment);
  return new Change(payment, because)
    .fact('operation_opened', { ...about(release), data: { reason: release.reason } })
    .open(release);
}

/** Decides the end of an intent that nothing is held for, and of its payment where that has not ended already. */
export function decideCancel(payment: Payment, reason: string, because: Because): Change {
  if (!isLive(payment.state)) {
    const over = new Change(payment, because).fact('intent_canceled', { data: { reason } });
    over.cancels = { reason };
    return over;
  }
  const expired = reason === 'expired';
  const change = new Change(payment, because);
  // Nobody has been asked for the money yet, or nobody would take the question: it waits in the queue.
  if (payment.state === 'risk_checked') {
    refuseUnclosed(payment);
    unqueue(change).move('abandon', { data: { reason } });
  } else change.move(expired ? 'expire' : 'cancel', { data: { reason } });
  change.cancels = { reason };
  return change.set({ failureCode: expired ? 'expired' : 'canceled' });
}

/**
 * Decides a refund: its amount is reserved until the provider has said yes or no, so that two at once never exceed the
 * capture.
 */
export function decideRefund(payment: Payment, refund: Operation, because: Because): Change {
  const rest = refundable(payment);
  if (payment.state === 'refunded') throw new Refusal('already_refunded', 'This payment has already been refunded.');
  if (payment.state !== 'captured' && payment.state !== 'reconciled') {
    throw new Refusal('illegal_move', `A payment that is ${payment.state} cannot be refunded.`);
  }
  if (payment.operations.length >= operationsAtMost) {
    throw new Refusal(
      'illegal_move',
      `A payment takes at most ${operationsAtMost} operations. Refund the rest by other means.`,
    );
  }
  if (refund.amount <= 0n)
    throw new Refusal('amount_too_small', 'Refund at least one minor unit.', { param: 'amount' });
  if (refund.amount > rest) {
    const [asked, left] = [shown(payment, refund.amount), shown(payment, rest)];
    throw new Refusal(
      'amount_too_large',
      `Refund amount (${asked}) is greater than unrefunded amount on charge (${left})`,
      {
        param: 'amount',
      },
    );
  }
  return new Change(payment, because)
    .fact('operation_opened', { ...about(refund), data: { reason: refund.reason, note: refund.note } })
    .set({ refundReserved: payment.refundReserved + refund.amount })
    .open(refund);
}

function refuseUnclosed(payment: Payment): void {
  const unclosed = unclosedMove(payment);
  if (!unclosed) return;
  throw new Refusal(
    'operation_unclosed',
    `The ${unclosed.kind} of this payment has no answer yet. Wait for it, then try again.`,
  );
}

function shown(payment: Payment, amount: bigint): string {
  return formatMoney({ amount, currency: payment.currency });
}
