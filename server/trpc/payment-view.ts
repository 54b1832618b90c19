import { showId } from '#server/kernel/id.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { OperationView, TimelineEntry } from '#server/payments/view.ts';

type Payment = Awaited<ReturnType<Payments['payment']>>;

export type ShownPayment = ReturnType<typeof shownPayment>;
export type ShownOperation = ReturnType<typeof shownOperation>;
export type ShownEntry = ReturnType<typeof shownEntry>;

/** A payment as the console shows it: its own amounts, its intent's words, ids as people see them. */
export function shownPayment(payment: Payment) {
  const { state, version, attempt, currency, amount, authorized, captured, refunded, refundReserved } = payment;
  const { chargedBack, refundable, provider, card, failureCode, failureMessage, createdAt, updatedAt } = payment;
  const { stray, review, queuedUntil } = payment;
  const { captureMethod, description, reference, receiptEmail, metadata } = payment.intent;
  return {
    id: showId('payment', payment.id),
    intentId: showId('intent', payment.intentId),
    state,
    version,
    attempt,
    currency,
    amount,
    authorized,
    captured,
    refunded,
    refundReserved,
    chargedBack,
    stray,
    review,
    queuedUntil,
    refundable,
    provider,
    card,
    failureCode,
    failureMessage,
    captureMethod,
    description,
    reference,
    receiptEmail,
    metadata,
    createdAt,
    updatedAt,
    operations: payment.operations.map(shownOperation),
  };
}

function shownOperation({ id, kind, status, provider, amount, openedAt, closedAt, code, message }: OperationView) {
  return { id: showId('operation', id), kind, status, provider, amount, openedAt, closedAt, code, message };
}

/** @param names  Of the staff among the actors, by id. */
export function shownEntries(entries: TimelineEntry[], names: Map<string, string>) {
  return entries.map((entry) => shownEntry(entry, names));
}

function shownEntry(entry: TimelineEntry, names: Map<string, string>) {
  const { seq, from, trigger, to, at, cause, operationKind, provider, amount, currency, data } = entry;
  return {
    id: showId('event', entry.eventId),
    operationId: entry.operationId && showId('operation', entry.operationId),
    actor: actorName(entry.actor, names),
    seq,
    from,
    trigger,
    to,
    at,
    cause,
    operationKind,
    provider,
    amount,
    currency,
    data,
  };
}

function actorName({ kind, id }: TimelineEntry['actor'], names: Map<string, string>): string {
  switch (kind) {
    case 'staff':
      return (id && names.get(id)) || 'Former staff';
    case 'merchant_key':
      return 'Secret key';
    case 'shopper':
      return 'Shopper';
    case 'provider':
      return id ?? 'Provider';
    default:
      return id ? `Florin ${id}` : 'Florin';
  }
}
