import { postAuthorization, postCapture, postRefund, postRelease } from '#server/ledger/postings.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import { type Because, Change } from './change.ts';
import { about } from './decide.ts';
import type { Wanted } from './draft.ts';
import { isUnclosed, type Operation, type Payment } from './payment.ts';

type Accepted = Extract<Outcome, { kind: 'accepted' }>;
type Refused = Extract<Outcome, { kind: 'refused' }>;

/** What follows at once from an answer, in the same commit: the capture of an automatic payment, a compensation. */
export type Draft = (wanted: Omit<Wanted, 'provider'>, payment: Payment) => Operation;

/** The answer's place in time, and the maker of what follows. */
export interface Told {
  at: Date;
  draft: Draft;
  because: Because;
}

/**
 * Decides what an outcome means: the one place where money is learnt to have moved, whoever told us, a reply, a
 * webhook, an inquiry or a settlement line. Undefined when nothing is new: who comes second changes nothing.
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
    case 'accepted':
      change.touch(operation, {
        status: 'accepted',
        closedAt: told.at,
        providerRef: outcome.providerRef,
        fee: outcome.fee ?? null,
      });
      return accepted(change, operation, outcome, { ...detail, told });
    case 'refused':
      change.touch(operation, { status: 'refused', closedAt: told.at, code: outcome.code, message: outcome.message });
      return refused(change, operation, outcome, { ...detail, told });
    case 'not_taken':
      return notTaken(payment, operation, outcome, told);
    case 'absent':
      change.touch(operation, { status: 'absent', closedAt: told.at });
      return absent(change, operation, { ...detail, told });
    case 'challenged':
      return change.touch(operation, { status: 'challenged' }).fact('operation_challenged', detail);
    case 'pending':
      change.touch(operation, { status: 'pending', providerRef: outcome.providerRef ?? operation.providerRef });
      return change.fact('operation_pending', detail);
    case 'unknown':
      // A timeout tells us nothing about the money: the provider may have charged the card and lost the reply. So the
      // operation stays unclosed and its amount stays reserved. Only an inquiry, a webhook or the settlement file may
      // close it, and the shopper reads "we are still confirming", which is the truth.
      return change.touch(operation, { message: outcome.why }).fact('operation_unanswered', detail);
  }
}

/**
 * A send that did nothing. Where the walk is half-way, a capture or its compensation, it is not given up for that: the
 * operation stays open and is asked for again. Elsewhere it ends as a no, and whoever asked may ask again.
 */
function notTaken(
  payment: Payment,
  operation: Operation,
  { why, exchange }: Extract<Outcome, { kind: 'not_taken' }>,
  told: Told,
): Change | undefined {
  if (payment.state === 'capture_pending')
    return decideOutcome(payment, operation, { kind: 'unknown', why, exchange }, told);
  const no: Refused = {
    kind: 'refused',
    code: 'processing_error',
    providerCode: null,
    message: why,
    retryable: true,
    exchange,
  };
  return decideOutcome(payment, operation, no, told);
}

/**
 * A yes to what was closed as refused or absent: money that nobody expects, kept on record until somebody returns it.
 */
function late(payment: Payment, operation: Operation, outcome: Outcome, told: Told): Change | undefined {
  if (outcome.kind !== 'accepted' || operation.status === 'accepted') return undefined;
  const ended = payment.state === 'failed' || payment.state === 'voided';
  const data = { exchange: outcome.exchange, ...wordsOf(outcome) };
  return new Change(payment, told.because)
    .fact(ended ? 'late_effect' : 'foreign_effect', { ...about(operation), data })
    .set({ stray: payment.stray + outcome.amount });
}

/** Why a void was opened that nobody asked for. */
const compensation = 'capture_refused';

type Detail = ReturnType<typeof about> & { data: Record<string, unknown> };

function accepted(
  change: Change,
  operation: Operation,
  outcome: Accepted,
  { told, ...detail }: Detail & { told: Told },
): Change {
  const payment = change.after;
  const amount = outcome.amount;
  switch (operation.kind) {
    case 'authorize':
      change
        .move('authorize', { ...detail, amount })
        .set({ authorized: amount })
        .post(postAuthorization(amount));
      return payment.captureMethod === 'automatic' ? beginCapture(change, told.draft) : change;
    case 'capture': {
      const fee = outcome.fee ?? 0n;
      change.move('capture', { ...detail, amount }).set({ captured: amount });
      return change.post(postCapture({ authorized: payment.authorized, captured: amount, fee }));
    }
    case 'void':
      change.move('void', detail).post(postRelease(payment.authorized));
      // A void that compensates a refused capture ends this payment; the intent may still be paid with another card.
      if (operation.reason !== compensation) change.cancels = { reason: operation.reason ?? 'requested_by_customer' };
      return change;
    case 'refund': {
      const refunded = payment.refunded + amount;
      change.set({ refunded, refundReserved: payment.refundReserved - operation.amount });
      const whole = refunded === payment.captured;
      return (whole ? change.move('refund_all', detail) : change.fact('partial_refund', detail)).post(
        postRefund(amount),
      );
    }
    case 'cancel':
      return change.fact('operation_absent', detail);
  }
}

function beginCapture(change: Change, draft: Draft): Change {
  const capture = draft({ kind: 'capture', amount: change.after.authorized }, change.after);
  return change.move('begin_capture', about(capture)).open(capture);
}

function refused(
  change: Change,
  operation: Operation,
  outcome: Refused,
  { told, ...detail }: Detail & { told: Told },
): Change {
  switch (operation.kind) {
    case 'authorize':
      return change.move('decline', detail).set({ failureCode: outcome.code, failureMessage: outcome.message });
    case 'capture': {
      // Definitely not captured, and the card still holds the money: let it go, or the shopper waits a week for it.
      change.fact('operation_refused', detail).set({ failureCode: outcome.code, failureMessage: outcome.message });
      const amount = change.after.authorized;
      const release = told.draft({ kind: 'void', amount, reason: compensation }, change.after);
      return change.fact('operation_opened', { ...about(release), data: { reason: release.reason } }).open(release);
    }
    case 'refund':
      change.set({ refundReserved: change.after.refundReserved - operation.amount });
      return change.fact('operation_refused', detail);
    case 'void':
    case 'cancel':
      return change.fact('operation_refused', detail);
  }
}

/**
 * The provider has never heard of it and never will: nothing was moved. A capture or a void that is still wanted is
 * asked for anew, as it was asked for; a refund ends, because whoever asked for it has its id and may ask again.
 */
function absent(change: Change, operation: Operation, { told, ...detail }: Detail & { told: Told }): Change {
  switch (operation.kind) {
    case 'authorize':
      return change.move('abandon', detail).set({ failureCode: 'processing_error' });
    case 'refund':
      change.set({ refundReserved: change.after.refundReserved - operation.amount });
      return change.fact('operation_absent', detail);
    case 'capture':
    case 'void': {
      const { kind, amount, reason, note } = operation;
      const again = told.draft({ kind, amount, reason, note }, change.after);
      return change.fact('operation_absent', detail).fact('operation_opened', about(again)).open(again);
    }
    case 'cancel':
      return change.fact('operation_absent', detail);
  }
}

function wordsOf(outcome: Outcome): Record<string, unknown> {
  switch (outcome.kind) {
    case 'accepted':
      return { provider_ref: outcome.providerRef };
    case 'refused':
      return { code: outcome.code, provider_code: outcome.providerCode, message: outcome.message };
    case 'unknown':
      return { why: outcome.why };
    default:
      return {};
  }
}
