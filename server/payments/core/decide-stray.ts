import type { Outcome } from '#server/providers/outcome.ts';
import { about, Change, type StepDetail } from './change.ts';
import type { Operation, Payment } from './payment.ts';
import { escalationOn, settle, type Told } from './told.ts';

/**
 * A yes to what was closed as refused or absent: money that nobody expects. It is put on record as stray, what gives it
 * back is opened in the same commit, and a person is told.
 */
export function late(payment: Payment, operation: Operation, outcome: Outcome, told: Told): Change | undefined {
  if (outcome.kind !== 'accepted' || operation.status === 'accepted' || operation.kind === 'cancel') return undefined;
  if (operation.kind === 'void' && payment.state === 'voided') return undefined;
  const known = payment.escalations.some(({ kind, operationId }) => kind === 'stray' && operationId === operation.id);
  if (known) return undefined;
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

/** A late hold is voided, a late capture refunded; of a late refund or void nothing can be taken back. */
function giveBack({ kind }: Operation): 'void' | 'refund' | undefined {
  if (kind === 'authorize') return 'void';
  return kind === 'capture' ? 'refund' : undefined;
}

/** Stray money is back where it belongs. */
export function returned(
  change: Change,
  operation: Operation,
  { told, ...detail }: StepDetail & { told: Told },
): Change {
  if (operation.against !== null) settle(change, 'stray', operation.against, told);
  const stray = change.after.stray - operation.amount;
  return change.fact('stray_returned', detail).set({ stray: stray < 0n ? 0n : stray });
}
