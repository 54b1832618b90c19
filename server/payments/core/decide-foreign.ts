import { postChargeback, postRefund } from '#server/ledger/postings.ts';
import type { Say } from '#server/providers/contract.ts';
import { about, Change } from './change.ts';
import { type Operation, type Payment, providerRef } from './payment.ts';
import { escalationOn, type Told } from './told.ts';

type Chargeback = Extract<Say, { about: 'chargeback' }>;

/**
 * A cardholder has taken the money back through the bank. Recorded also where we had given it back ourselves: what goes
 * beyond the capture is stray.
 */
export function decideChargeback(
  payment: Payment,
  { amount, chargebackRef, exchange }: Chargeback,
  told: Told & { known: boolean },
): Change | undefined {
  if (told.known) return undefined;
  const room = payment.captured - payment.chargedBack;
  const within = amount < room ? amount : room;
  const change = new Change(payment, told.because)
    .fact('chargeback', { amount, data: { ref: chargebackRef, exchange } })
    .set({ chargedBack: payment.chargedBack + within })
    .post(postChargeback(amount));
  const capture = payment.operations.find(({ kind, status }) => kind === 'capture' && status === 'accepted');
  return amount > within && capture
    ? beyond(change, capture, { amount: amount - within, ref: chargebackRef, told })
    : change;
}

/** A refund made in the provider's own console: an operation that is marked so, known by the provider's id. */
export function decideForeignRefund(payment: Payment, refund: Operation, told: Told): Change | undefined {
  const known = payment.operations.some(
    ({ kind, provider, providerRef: ref }) =>
      kind === 'refund' && provider === refund.provider && ref === refund.providerRef,
  );
  if (known) return undefined;
  const change = new Change(payment, told.because).open(refund);
  const detail = { ...about(refund), data: { foreign: true, provider_ref: refund.providerRef } };
  if (refund.amount > fits(payment)) {
    return beyond(change.fact('foreign_effect', detail), refund, {
      amount: refund.amount,
      ref: refund.providerRef,
      told,
    });
  }
  const refunded = payment.refunded + refund.amount;
  change.set({ refunded });
  const moved =
    refunded === payment.captured ? change.move('refund_all', detail) : change.fact('partial_refund', detail);
  return moved.post(postRefund(refund.amount));
}

/** How much more may be given back without exceeding what was captured, settled or is being given back already. */
function fits({ state, captured, reconciled, refunded, refundReserved }: Payment): bigint {
  if (state !== 'captured' && state !== 'reconciled') return 0n;
  const most = reconciled !== null && reconciled < captured ? reconciled : captured;
  return most - refunded - refundReserved;
}

/** Of no operation of ours: each is a case of its own, however many come. */
function beyond(
  change: Change,
  operation: Operation,
  { amount, ref, told }: { amount: bigint; ref: string | null; told: Told },
): Change {
  const evidence = { ref, beyond: 'more than was captured', authorization: providerRef(change.after, 'authorize') };
  const escalation = escalationOn(operation, { kind: 'stray', atRisk: amount, evidence }, told);
  return change.set({ stray: change.after.stray + amount }).escalate({ ...escalation, operationId: null });
}
