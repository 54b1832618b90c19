import {
  type NewPosting,
  type PostedFee,
  postRefundReturned,
  postRefundSettlement,
  postSettlement,
} from '#server/ledger/postings.ts';
import type { SettledLine, SettleInput, Settling } from '../payments.ts';
import { type Because, Change } from './change.ts';
import { isUnclosed, type Operation, type Payment } from './payment.ts';

/** What the log and the ledger say beside the payment, as of its version. */
export interface Recollection {
  because: Because;
  /** What is on record as settled of a refund, or as returned of it. */
  settled: readonly { operationId: string; kind: SettledLine['kind']; amount: bigint }[];
  /** The posting of the capture's fee; asked for only where another fee was settled. */
  feePosting: string | null;
}

/** What becomes of each line, in their order; no change where none of them says anything new. */
export interface Settlement {
  change: Change | undefined;
  settlings: Settling[];
}

/**
 * Decides what a settlement report means for a payment. A line of an operation that is not what the line says changes
 * nothing: it is a difference, and for people.
 */
export function decideSettlement(
  payment: Payment,
  { provider, lines }: Pick<SettleInput, 'provider' | 'lines'>,
  recollection: Recollection,
): Settlement {
  const change = new Change(payment, recollection.because);
  const settled = [...recollection.settled];
  const settlings = lines.map((line): Settling => {
    const { operationId, kind, amount } = line;
    const operation = payment.operations.find(({ id }) => id === operationId);
    const no = notSettled(change.after, { line, operation, provider, settled });
    if (no) return { operationId, ...no };
    // Asked above.
    if (operation) record(change, { line, operation, feePosting: recollection.feePosting });
    settled.push({ operationId, kind, amount });
    return { operationId, result: 'settled' };
  });
  return { change: change.steps.length > 0 ? change : undefined, settlings };
}

type Not = { result: 'known' | 'unclosed' } | { result: 'differs'; in: Extract<Settling, { result: 'differs' }>['in'] };

interface Looked {
  line: SettledLine;
  operation: Operation | undefined;
  provider: string;
  settled: Recollection['settled'];
}

/** Why a line is not put on record now. */
function notSettled(payment: Payment, { line, operation, provider, settled }: Looked): Not | undefined {
  if (!operation || operation.kind !== operationOf(line)) return differs('status');
  if (operation.provider !== provider) return differs('provider');
  if (line.currency !== payment.currency) return differs('currency');
  if (isUnclosed(operation)) return { result: 'unclosed' };
  if (operation.status !== 'accepted' || operation.against !== null) return differs('status');
  const before = settledBefore(payment, line, settled);
  if (before !== null) return before === line.amount ? { result: 'known' } : differs('amount');
  if (!isMoney(payment)) return differs('status');
  const apart = line.amount > operation.amount ? line.amount - operation.amount : operation.amount - line.amount;
  if (line.amount <= 0n || apart > (line.within ?? 0n)) return differs('amount');
  // What was given back, or is on its way, is never more than what was settled.
  if (line.kind === 'capture' && line.amount < payment.refunded + payment.refundReserved) return differs('amount');
  return undefined;
}

function differs(where: Extract<Settling, { result: 'differs' }>['in']): Not {
  return { result: 'differs', in: where };
}

function operationOf({ kind }: SettledLine): Operation['kind'] {
  return kind === 'capture' ? 'capture' : 'refund';
}

function settledBefore(
  payment: Payment,
  { kind, operationId }: SettledLine,
  settled: Recollection['settled'],
): bigint | null {
  if (kind === 'capture') return payment.reconciled;
  return settled.find((one) => one.operationId === operationId && one.kind === kind)?.amount ?? null;
}

function isMoney({ state }: Payment): boolean {
  return state === 'captured' || state === 'reconciled' || state === 'refunded';
}

function record(
  change: Change,
  { line, operation, feePosting }: { line: SettledLine; operation: Operation; feePosting: string | null },
): void {
  const { amount, fee, kind } = line;
  const said = { line: line.line, ref: line.ref, ...(fee > 0n && { fee: String(fee) }) };
  const detail = { operationId: operation.id, amount, data: said };
  const settled = { ours: operation.amount, theirs: amount, fee };
  if (kind === 'capture') {
    const before: PostedFee = { amount: operation.fee ?? 0n, posting: feePosting };
    change.set({ reconciled: amount });
    if (change.after.state === 'captured') change.move('reconcile', detail);
    else change.fact('settled', detail);
    change.post(postSettlement(settled, before));
    return;
  }
  const postings: NewPosting[] = kind === 'refund' ? postRefundSettlement(settled) : postRefundReturned(settled);
  change.fact('refund_settled', {
    ...detail,
    data: { ...said, ...(kind === 'refund_returned' && { returned: true }) },
  });
  change.post(postings);
}
