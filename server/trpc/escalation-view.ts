import { may } from '#server/auth/permissions.ts';
import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import { showId } from '#server/kernel/id.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { EscalationView } from '#server/payments/view.ts';

export type ShownEscalation = ReturnType<typeof shownEscalation>;

/** An escalation with its ids as people see them. Staff are told by their names. */
export function shownEscalation({ id, paymentId, operationId, merchantId: _, ...rest }: EscalationView) {
  return {
    ...rest,
    id: showId('escalation', id),
    paymentId: showId('payment', paymentId),
    operationId: operationId && showId('operation', operationId),
    proposal: rest.proposal && { ...rest.proposal, by: rest.proposal.by.name },
    closed: rest.closed && { ...rest.closed, by: rest.closed.by?.name ?? null },
  };
}

/** What this person may do with it; a verb asks again. */
export interface EscalationCan {
  /** May close escalations at all. */
  close: boolean;
  propose: boolean;
  /** Somebody else's finding only: what one person found, another one confirms. */
  confirm: boolean;
  withdraw: boolean;
  /** The finding that waits is their own. */
  own: boolean;
}

export function canWith({ status, proposal }: EscalationView, { role, staffId }: StaffCaller): EscalationCan {
  const close = may(role, 'escalations:close');
  const own = proposal?.by.staffId === staffId;
  const waits = close && status === 'proposed';
  return { close, own, propose: close && status === 'open', confirm: waits && !own, withdraw: waits };
}

export interface AtRisk {
  currency: Currency;
  amount: bigint;
}

/** What is at risk, currency by currency, the largest first. */
export function atRisk(open: EscalationView[]): AtRisk[] {
  const sums = new Map<Currency, bigint>();
  for (const { currency, atRisk: amount } of open) sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  return [...sums].map(([currency, amount]) => ({ currency, amount })).sort((a, b) => (a.amount > b.amount ? -1 : 1));
}
