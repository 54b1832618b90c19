import { postRefundUndone } from '#server/ledger/postings.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import type { EscalationKind } from '../view.ts';
import { about, Change, type StepDetail } from './change.ts';
import { type Operation, type Payment, unclosedMove } from './payment.ts';
import { escalationOn, settle, type Told } from './told.ts';

/**
 * A yes to what was closed as refused or absent: money that nobody expects. It is put on record as stray, what gives it
 * back is opened in the same commit, and a person is told.
 */
export function late(payment: Payment, operation: Operation, outcome: Outcome, told: Told): Change | undefined {
  const { kind, status } = operation;
  if (kind === 'refund' && status === 'accepted') return undone(payment, operation, outcome, told);
  if (outcome.kind !== 'accepted' || status === 'accepted') return undefined;
  if (kind === 'cancel') return canceledThere(payment, operation, told);
  if (kind === 'void' && payment.state === 'voided') return undefined;
  if (wasEscalated(payment, 'stray', operation)) return undefined;
  const { amount, providerRef, exchange } = outcome;
  const change = new Change(payment, told.because)
    .fact('late_effect', { ...about(operation), amount, data: { exchange, provider_ref: providerRef } })
    .set({ stray: payment.stray + amount });
  const back = giveBack(operation);
  if (back) {
    const wanted = { kind: back, provider: operation.provider, amount, against: operation.id, targetRef: providerRef };
    const returning = told.draft({ ...wanted, reason: 'stray' }, change.after);
    change.fact('operation_opened', { ...about(returning), data: { reason: 'stray' } }).open(returning);
  }
  const evidence = { provider_ref: providerRef, closed_as: operation.status, exchange };
  return change.escalate(escalationOn(operation, { kind: 'stray', atRisk: amount, evidence }, told));
}

function wasEscalated(payment: Payment, kind: EscalationKind, { id }: Operation): boolean {
  return payment.escalations.some((one) => one.kind === kind && one.operationId === id);
}

/**
 * A refund came back to the provider, days after its yes: the merchant has the money again and the shopper has not. A
 * person sees to it; it can be refunded anew.
 */
function undone(payment: Payment, operation: Operation, outcome: Outcome, told: Told): Change | undefined {
  if (outcome.kind !== 'refused' || operation.against !== null) return undefined;
  if (wasEscalated(payment, 'undone', operation)) return undefined;
  const { code, message, exchange } = outcome;
  const detail = { ...about(operation), data: { code, message, exchange } };
  const change = new Change(payment, told.because);
  if (payment.state !== 'refunded') change.fact('refund_undone', detail);
  else change.move(payment.reconciled === null ? 'undo_refund' : 'undo_settled_refund', detail);
  change
    .set({ refunded: payment.refunded - operation.amount })
    .post(postRefundUndone(operation.amount, told.takesBack ?? null));
  return change.escalate(
    escalationOn(operation, { kind: 'undone', atRisk: operation.amount, evidence: { code, message } }, told),
  );
}

/**
 * A cancel was told to have come too late, and took effect after all: at some providers it releases what is authorized.
 * What we believe to be held is then held no more, so it is voided here too; the provider's answer to that decides.
 */
function canceledThere(payment: Payment, cancel: Operation, told: Told): Change | undefined {
  const believed = payment.operations.find(({ id }) => id === cancel.against);
  if (believed?.status !== 'accepted' || payment.state !== 'authorized' || unclosedMove(payment)) return undefined;
  const wanted = { kind: 'void' as const, provider: cancel.provider, amount: payment.authorized };
  const release = told.draft({ ...wanted, reason: 'canceled_there' }, payment);
  return new Change(payment, told.because)
    .fact('operation_opened', { ...about(release), data: { reason: release.reason } })
    .open(release);
}

/** A late hold is voided, a late capture refunded; of a late refund or void nothing can be taken back. */
function giveBack({ kind }: Operation): 'void' | 'refund' | undefined {
  if (kind === 'authorize') return 'void';
  return kind === 'capture' ? 'refund' : undefined;
}

/**
 * Stray money is back where it belongs. What its case was about is stray no more, where it was still open: what two
 * people have settled meanwhile they have taken off already, and the rest is of other cases.
 */
export function returned(
  change: Change,
  operation: Operation,
  { told, ...detail }: StepDetail & { told: Told },
): Change {
  const closed = operation.against === null ? undefined : settle(change, 'stray', operation.against, told);
  const stray = change.after.stray - (closed?.atRisk ?? 0n);
  return change.fact('stray_returned', detail).set({ stray: stray < 0n ? 0n : stray });
}
