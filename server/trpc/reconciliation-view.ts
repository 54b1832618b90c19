import { may } from '#server/auth/permissions.ts';
import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import { showId } from '#server/kernel/id.ts';
import type { OperationView, PaymentView } from '#server/payments/view.ts';
import type { DifferenceRow, DifferenceView, LineRow, LineView } from '#server/reconciliation/questions/view.ts';

export type ShownDifferenceRow = ReturnType<typeof shownDifferenceRow>;
export type ShownDifference = ReturnType<typeof shownDifference>;
export type ShownLineRow = ReturnType<typeof shownLineRow>;
export type ShownLine = ReturnType<typeof shownLine>;
export type OurSide = ReturnType<typeof ourSide>;
export type Candidate = ReturnType<typeof candidate>;

const shownPayment = (id: string | null) => id && showId('payment', id);
const shownOperation = (id: string | null) => id && showId('operation', id);

/** Rows with ids as people see them. Files and differences keep their uuids: no other page speaks of them. */
export function shownDifferenceRow(row: DifferenceRow) {
  return { ...row, paymentId: shownPayment(row.paymentId), assignedTo: row.assignedTo?.name ?? null };
}

export function shownDifference(view: DifferenceView) {
  const { proposal, settled } = view;
  return {
    ...shownDifferenceRow(view),
    operationId: shownOperation(view.operationId),
    assignedId: view.assignedTo?.staffId ?? null,
    proposal: proposal && { ...proposal, operationId: shownOperation(proposal.operationId), by: proposal.by.name },
    end: view.end,
    notes: view.notes,
    settled: settled && shownLine(settled),
    booked: view.booked,
  };
}

export function shownLineRow(row: LineRow) {
  return { ...row, paymentId: shownPayment(row.paymentId) };
}

export function shownLine(view: LineView) {
  return { ...view, paymentId: shownPayment(view.paymentId), operationId: shownOperation(view.operationId) };
}

/** What our own books say of the operation that a difference is about. */
export function ourSide(payment: PaymentView, operationId: string | null) {
  const operation = payment.operations.find(({ id }) => id === operationId);
  return {
    payment: showId('payment', payment.id),
    state: payment.state,
    currency: payment.currency,
    amount: payment.amount,
    captured: payment.captured,
    refunded: payment.refunded,
    operation: operation ? candidate(operation, payment) : null,
  };
}

/** An operation that a line may be found to be of. */
export function candidate(operation: OperationView, { currency }: Pick<PaymentView, 'currency'>) {
  const { id, kind, status, provider, amount, openedAt, closedAt, providerRef } = operation;
  return { id: showId('operation', id), kind, status, provider, amount, currency, openedAt, closedAt, providerRef };
}

/** What this person may do with a difference; a verb asks again. */
export interface DifferenceCan {
  /** May end differences at all. */
  end: boolean;
  note: boolean;
  assign: boolean;
  resolve: boolean;
  writeOff: boolean;
  /** Say whose line it is, though no rule found it. */
  match: boolean;
  /** Somebody else's proposal only: what one person proposed, another one confirms. */
  confirm: boolean;
  withdraw: boolean;
  /** The proposal that waits is their own. */
  own: boolean;
}

export function canWithDifference(view: DifferenceView, { role, staffId }: StaffCaller): DifferenceCan {
  const end = may(role, 'reconciliation:write');
  const open = end && view.end === null;
  const free = open && view.proposal === null;
  const waits = open && view.proposal !== null;
  const own = view.proposal?.by.staffId === staffId;
  const unmatched = view.settled !== null && view.settled.rule === null && isOperationLine(view.settled.kind);
  return {
    end,
    own,
    note: end,
    assign: open,
    resolve: free,
    writeOff: free,
    match: free && unmatched,
    confirm: waits && !own && may(role, 'reconciliation:approve'),
    withdraw: waits,
  };
}

function isOperationLine(kind: LineView['kind']): boolean {
  return kind === 'capture' || kind === 'refund';
}
