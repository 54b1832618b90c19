import type { EventRow, Evidence, PaymentRow } from './evidence.ts';

/** The legal moves, written a second time and from the design, so that a slip in the table of moves is seen here. */
const moves: Record<string, string[]> = {
  initiated: ['payment_method_captured', 'failed'],
  payment_method_captured: ['tokenized', 'failed'],
  tokenized: ['risk_checked', 'failed'],
  risk_checked: ['authorized', 'failed'],
  authorized: ['capture_pending', 'voided'],
  capture_pending: ['captured', 'voided'],
  captured: ['reconciled', 'refunded'],
  reconciled: ['refunded'],
  refunded: ['captured', 'reconciled'],
};

/** What closes a refund: one of them, once. */
const refunding = ['partial_refund', 'refund_all', 'foreign_effect'];

/** Versions without gaps, one unbroken legal path that ends where the payment is, each refund told once. */
export function logIsWhole(payment: PaymentRow, evidence: Evidence): string[] {
  const events = evidence.events.filter((one) => one.payment_id === payment.id);
  const last = events.at(-1);
  const broken = events.flatMap((event, n) => stepOf(event, n, events[n - 1]));
  if (events.length !== payment.version) broken.push(`${events.length} events at version ${payment.version}`);
  if (last?.to_state !== payment.state) broken.push(`the log ends ${last?.to_state}, the payment is ${payment.state}`);
  for (const { id, kind, status } of evidence.operations) {
    const told = events.filter((one) => one.operation_id === id && refunding.includes(one.trigger)).length;
    if (told > 1) broken.push(`a ${kind} that is ${status} is told ${told} times`);
  }
  return broken;
}

function stepOf({ seq, from_state: from, to_state: to, trigger }: EventRow, n: number, before?: EventRow): string[] {
  const broken: string[] = [];
  if (seq !== n + 1) broken.push(`event ${seq} stands where ${n + 1} belongs`);
  if (from !== (before?.to_state ?? null)) broken.push(`event ${seq} begins ${from}, not ${before?.to_state}`);
  const legal = from === null ? to === 'initiated' : from === to || moves[from]?.includes(to);
  if (!legal) broken.push(`event ${seq} (${trigger}) goes from ${from} to ${to}`);
  return broken;
}
