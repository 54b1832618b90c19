import type { Because, Change } from './change.ts';
import type { Wanted } from './draft.ts';
import { type Escalation, isUnclosed, type Operation, openEscalation, type Payment, type Said } from './payment.ts';

/** The answer's place in time, and what may follow from it in the same commit. */
export interface Told {
  at: Date;
  because: Because;
  /** Makes what follows at once: the capture of an automatic payment, a compensation, the next provider's try. */
  draft(wanted: Wanted, payment: Payment): Operation;
  newId(): string;
  /** The next provider of the plan that takes charges now, where there is one. */
  onward(payment: Payment): Onward | undefined;
  /** Until when a payment that nobody takes is tried, and how long an authorization holds: milliseconds. */
  queueFor: number;
  holdFor(): number;
  /** The escalation that two people close with this, where it is they who tell. */
  settles?: Escalation;
  /** The posting of the refund that came back, where that is what is told. */
  takesBack?: string | null;
}

export interface Onward {
  provider: string;
  untried: string[];
}

/** What is written of an operation that gets its last word. */
type Closing = Partial<Operation> & { status: 'accepted' | 'refused' | 'absent' };

/** Gives an operation its last word, and ends what waited for it: a cancel that came too late, an escalation. */
export function close(change: Change, operation: Operation, closing: Closing, told: Told): void {
  change.touch(operation, { ...closing, closedAt: told.at });
  for (const cancel of change.after.operations) {
    if (cancel.kind !== 'cancel' || cancel.against !== operation.id || !isUnclosed(cancel)) continue;
    change.touch(cancel, { status: 'refused', code: 'too_late', closedAt: told.at });
  }
  settle(change, 'unanswered', operation.id, told);
}

/**
 * Closes the escalation of this kind, where one is open: by the people who tell, or because the answer came. Without an
 * operation, the one of any.
 *
 * @returns The escalation as closed; undefined where none was open.
 */
export function settle(
  change: Change,
  kind: Escalation['kind'],
  operationId: string | undefined,
  told: Told,
): Escalation | undefined {
  const open = openEscalation(change.after, kind, operationId);
  if (!open) return undefined;
  const answered = { ...open, closed: { how: 'answered' as const, by: null, at: told.at } };
  const closed = told.settles?.id === open.id ? told.settles : answered;
  change.escalation(closed, 'escalation_closed', { how: closed.closed?.how });
  return closed;
}

/** An escalation of an operation, with what is known about it. */
export function escalationOn(
  operation: Operation,
  { kind, atRisk, evidence }: Pick<Escalation, 'kind' | 'atRisk'> & { evidence?: Said },
  { at, newId }: Pick<Told, 'at' | 'newId'>,
): Escalation {
  const { provider, status, sends, inquiries, openedAt, sentAt, askedAt, message, code } = operation;
  const known = { provider, status, sends, inquiries, opened: openedAt, last_sent: sentAt, last_asked: askedAt };
  return {
    id: newId(),
    operationId: operation.id,
    kind,
    atRisk,
    evidence: { ...known, code, message, ...evidence },
    openedAt: at,
    proposal: null,
    closed: null,
  };
}
