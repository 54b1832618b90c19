import type { RawSql } from '#db/client.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { timeline } from '#server/payments/timeline.ts';
import type { TimelineEntry } from '#server/payments/view.ts';
import { type OrderSeams, type PaidOrder, saga, type Telling } from './order-room.ts';
import { stepOrder } from './order-step.ts';
import { completeSession } from './store.ts';

/**
 * The money was taken: the order is paid and its session complete. Where its merchant has a warehouse, the command to
 * send it is left in the same transaction, under the event's id.
 */
export async function paid(room: OrderSeams, { tx, event, order, because }: Telling): Promise<void> {
  const grounds = await groundsOf(tx, order, event.paymentId);
  await completeSession(tx, order.sessionId, grounds.authorizedAt);
  const of = { orderId: order.id };
  if (!(await stepOrder(tx, of, { from: 'open', trigger: 'pay', ...because }))) return refuseEnded(tx, order);
  if (!room.warehouses.has(order.merchantId)) return;
  await tx`
    INSERT INTO fulfilments (id, order_id, merchant_id, payment_id, authorized_seq, approved_seq, captured_seq, status,
      tries, next_at, opened_at)
    VALUES (${event.id}, ${order.id}, ${order.merchantId}, ${event.paymentId}, ${grounds.authorizedSeq},
      ${grounds.approvedSeq}, ${event.seq}, 'due', 0, ${because.at}, ${because.at})`;
  await stepOrder(tx, of, { from: 'paid', trigger: 'begin_fulfilment', fulfilmentId: event.id, ...because });
}

interface Grounds {
  authorizedSeq: number;
  authorizedAt: Date;
  approvedSeq: number;
}

/** Where in the payment's log the authorisation stands, and the yes: risk's own, or the one that ended its review. */
async function groundsOf(tx: RawSql, { merchantId }: PaidOrder, paymentId: string): Promise<Grounds> {
  const entries = await timeline(tx, { kind: 'workload', merchantId, name: saga }, paymentId);
  const last = (...triggers: TimelineEntry['trigger'][]) =>
    entries.findLast(({ trigger }) => triggers.includes(trigger));
  const authorized = last('authorize');
  const approved = last('review_opened') ? last('review_closed') : last('approve');
  invariant(authorized && approved, 'what was captured was authorized and approved before');
  return { authorizedSeq: authorized.seq, authorizedAt: authorized.at, approvedSeq: approved.seq };
}

/** Seen twice, it is paid already. An order that had ended unpaid has money that nobody expects: people must look. */
async function refuseEnded(tx: RawSql, { id }: PaidOrder): Promise<void> {
  const [row] = await tx<{ state: string }[]>`SELECT state FROM orders WHERE id = ${id}`;
  invariant(row && row.state !== 'canceled' && row.state !== 'expired', 'an order that has ended takes no money');
}
