import { postAuthorization, postCapture, postRefund, postRelease } from '#server/ledger/postings.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import { about, Change } from './change.ts';
import { blocked, onwardOrQueue, tryNext } from './decide-onward.ts';
import { late, returned } from './decide-stray.ts';
import { isUnclosed, type Operation, type Payment, type Said } from './payment.ts';
import { close, escalationOn, settle, type Told } from './told.ts';

type Accepted = Extract<Outcome, { kind: 'accepted' }>;
type Refused = Extract<Outcome, { kind: 'refused' }>;

/** Milliseconds until a question is asked again that a send has just left open. */
const askSoon = 1_000;

/** What was lost so often is not lost by chance: a person looks. */
const lostAtMost = 3;

/** Why a void was opened that no merchant asked for. Nobody waits for its answer, so a no goes to a person. */
export const ownVoids = ['capture_refused', 'review_rejected', 'hold_expires', 'canceled_there'] as const;
const compensation = ownVoids[0];

/**
 * Decides what an outcome means: the one place where money is learnt to have moved, whoever told us, a reply, a
 * webhook, an inquiry, a settlement line or two people. Undefined when nothing is new: who comes second changes
 * nothing.
 */
export function decideOutcome(
  payment: Payment,
  operation: Operation,
  outcome: Outcome,
  told: Told,
): Change | undefined {
  if (!isUnclosed(operation)) return late(payment, operation, outcome, told);
  const change = new Change(payment, told.because);
  const detail = { ...about(operation), data: { exchange: outcome.exchange, ...wordsOf(outcome) } };
  switch (outcome.kind) {
    case 'accepted': {
      const { providerRef, fee = null } = outcome;
      close(change, operation, { status: 'accepted', providerRef, fee }, told);
      return accepted(change, operation, outcome, { ...detail, told });
    }
    case 'refused':
      close(change, operation, { status: 'refused', code: outcome.code, message: outcome.message }, told);
      return refused(change, operation, outcome, { ...detail, told });
    case 'not_taken':
      return notTaken(change, operation, outcome, { ...detail, told });
    case 'absent':
      close(change, operation, { status: 'absent' }, told);
      return absent(change, operation, { ...detail, told });
    case 'challenged': {
      const { url: challengeUrl, providerRef = operation.providerRef } = outcome;
      change.touch(operation, { status: 'challenged', challengeUrl, providerRef });
      return change.fact('operation_challenged', detail);
    }
    case 'pending':
      change.touch(operation, { status: 'pending', providerRef: outcome.providerRef ?? operation.providerRef });
      return change.fact('operation_pending', detail);
    case 'unknown':
      // A timeout tells us nothing about the money: the provider may have charged the card and lost the reply. So the
      // operation stays unclosed and its amount stays reserved. Only an inquiry, a webhook or the settlement file may
      // close it, and the shopper reads "we are still confirming", which is the truth.
      return leftOpen(change, operation, outcome.why, { ...detail, told });
  }
}

type Detail = ReturnType<typeof about> & { data: Said };
type Toldly = Detail & { told: Told };

function leftOpen(change: Change, operation: Operation, why: string, { told, ...detail }: Toldly): Change {
  const askAt = new Date(told.at.getTime() + askSoon);
  return change.touch(operation, { message: why, askAt }).fact('operation_unanswered', detail);
}

/**
 * A send that did nothing. An authorization goes to the next provider, or waits for one. What must not be given up for
 * that, a capture, a compensation, stray money on its way back, stays open and is sent again. Elsewhere it ends as a
 * no, and whoever asked may ask again.
 */
function notTaken(
  change: Change,
  operation: Operation,
  { why }: Extract<Outcome, { kind: 'not_taken' }>,
  { told, ...detail }: Toldly,
): Change {
  const { kind, against, reason } = operation;
  const kept = change.after.state === 'capture_pending' || against !== null || isOwnVoid(reason);
  if (kind === 'authorize') {
    close(change, operation, { status: 'absent', message: why }, told);
    return onwardOrQueue(change.fact('operation_absent', detail), operation, told);
  }
  if (kept) return leftOpen(change, operation, why, { told, ...detail });
  close(change, operation, { status: 'refused', code: 'processing_error', message: why }, told);
  if (kind === 'refund') unreserve(change, operation);
  return change.fact('operation_refused', detail);
}

function isOwnVoid(reason: string | null): boolean {
  return ownVoids.some((own) => own === reason);
}

function accepted(change: Change, operation: Operation, outcome: Accepted, { told, ...detail }: Toldly): Change {
  const payment = change.after;
  const amount = outcome.amount;
  if (operation.kind === 'cancel') return blocked(change, operation, told);
  if (operation.against !== null) return returned(change, operation, { told, ...detail });
  switch (operation.kind) {
    case 'authorize':
      change
        .move('authorize', { ...detail, amount })
        .set({ authorized: amount })
        .post(postAuthorization(amount));
      if (payment.review === 'open') return change.fact('review_opened').set({ heldUntil: heldUntil(told) });
      return payment.captureMethod === 'automatic'
        ? beginCapture(change, told)
        : change.set({ heldUntil: heldUntil(told) });
    case 'capture': {
      const fee = outcome.fee ?? 0n;
      const data = fee > 0n ? { ...detail.data, fee: String(fee) } : detail.data;
      change.move('capture', { ...detail, amount, data }).set({ captured: amount });
      return change.post(postCapture({ authorized: payment.authorized, captured: amount, fee }));
    }
    case 'void':
      settle(change, 'stuck', undefined, told);
      change.move('void', detail).set({ heldUntil: null }).post(postRelease(payment.authorized));
      // A void that compensates a refused capture ends this payment; the intent may still be paid with another card.
      if (operation.reason !== compensation) change.cancels = { reason: canceledFor(operation.reason) };
      return change;
    case 'refund': {
      const refunded = payment.refunded + amount;
      unreserve(change, operation).set({ refunded });
      const whole = refunded === payment.captured;
      return (whole ? change.move('refund_all', detail) : change.fact('partial_refund', detail)).post(
        postRefund(amount),
      );
    }
  }
}

function heldUntil(told: Told): Date {
  return new Date(told.at.getTime() + told.holdFor());
}

/** The reason in the words of an intent's end. */
function canceledFor(reason: string | null): string {
  if (reason === 'review_rejected') return 'fraudulent';
  return reason === null || isOwnVoid(reason) ? 'abandoned' : reason;
}

/** Opens the capture of all that is authorized; from here on the hold is no longer watched. */
export function beginCapture(change: Change, told: Pick<Told, 'draft'>): Change {
  const payment = change.after;
  const capture = told.draft({ kind: 'capture', provider: providerOf(payment), amount: payment.authorized }, payment);
  return change.move('begin_capture', about(capture)).set({ heldUntil: null }).open(capture);
}

function providerOf({ provider }: Payment): string {
  return provider ?? '';
}

function unreserve(change: Change, refund: Operation): Change {
  return change.set({ refundReserved: change.after.refundReserved - refund.amount });
}

function refused(change: Change, operation: Operation, outcome: Refused, { told, ...detail }: Toldly): Change {
  const { code: failureCode, message: failureMessage, retryable } = outcome;
  switch (operation.kind) {
    case 'authorize':
      return (
        (retryable && tryNext(change, { fact: 'operation_refused', detail }, told)) ||
        change.move('decline', detail).set({ failureCode, failureMessage })
      );
    case 'capture': {
      // Definitely not captured, and the card still holds the money: let it go, or the shopper waits a week for it.
      change.fact('operation_refused', detail).set({ failureCode, failureMessage });
      const { authorized: amount } = change.after;
      const wanted = { kind: 'void' as const, provider: operation.provider, amount, reason: compensation };
      const release = told.draft(wanted, change.after);
      return change.fact('operation_opened', { ...about(release), data: { reason: release.reason } }).open(release);
    }
    case 'refund':
      if (operation.against === null) unreserve(change, operation);
      return change.fact('operation_refused', detail);
    case 'void':
      change.fact('operation_refused', detail);
      return isOwnVoid(operation.reason) && operation.against === null ? stuck(change, operation, told) : change;
    case 'cancel':
      return change.fact('operation_refused', detail);
  }
}

/**
 * The provider has never heard of it and never will: nothing was moved. A capture or a void that is still wanted is
 * asked for anew, as it was asked for, until that is plainly of no use; a refund ends, because whoever asked for it has
 * its id and may ask again.
 */
function absent(change: Change, operation: Operation, { told, ...detail }: Toldly): Change {
  const { kind, provider, amount, reason, note, against, targetRef } = operation;
  if (kind === 'authorize') return change.move('abandon', detail).set({ failureCode: 'processing_error' });
  change.fact('operation_absent', detail);
  if (kind === 'cancel') return change;
  if (kind === 'refund' && against === null) return unreserve(change, operation);
  if (timesLost(change.after, operation) >= lostAtMost) {
    // Stray money is before a person since it was told of.
    return against === null ? stuck(change, operation, told) : change;
  }
  const again = told.draft({ kind, provider, amount, reason, note, against, targetRef }, change.after);
  return change.fact('operation_opened', about(again)).open(again);
}

/** The card is still held, and no clock will let it go: a person does. */
function stuck(change: Change, operation: Operation, told: Told): Change {
  return change
    .set({ heldUntil: null })
    .escalate(escalationOn(operation, { kind: 'stuck', atRisk: operation.amount }, told));
}

/** How often the same thing was asked for and never heard of. */
function timesLost({ operations }: Payment, { kind, against }: Operation): number {
  return operations.filter((one) => one.kind === kind && one.against === against && one.status === 'absent').length;
}

function wordsOf(outcome: Outcome): Said {
  switch (outcome.kind) {
    case 'accepted':
      return { provider_ref: outcome.providerRef };
    case 'refused':
      return { code: outcome.code, provider_code: outcome.providerCode, message: outcome.message };
    case 'unknown':
    case 'not_taken':
      return { why: outcome.why };
    default:
      return {};
  }
}
