import type { RawSql } from '#db/client.ts';
import { eventsOf } from '#server/events/read.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { completeSessions } from './complete-sessions.ts';
import type { OrderSeams, Telling } from './order-room.ts';
import { loggedSteps, movedOrders, type Walk } from './order-step.ts';

/**
 * The money was taken: the orders are paid and their sessions complete. Where a merchant has a warehouse, the command
 * to send is left in the same statement, under the event's id. Of each order one telling.
 */
export async function paid({ warehouses }: OrderSeams, tx: RawSql, tellings: readonly Telling[]): Promise<void> {
  const grounds = await groundsOf(tx, tellings);
  const each = tellings.map((telling) => {
    const found = grounds.get(telling.event.paymentId);
    invariant(found, 'what was captured was authorized and approved before');
    return { telling, grounds: found };
  });
  await completeSessions(
    tx,
    each.map(({ telling, grounds }) => ({ sessionId: telling.order.sessionId, at: grounds.authorizedAt })),
  );
  const walks = each.map(({ telling, grounds }) =>
    warehouses.has(telling.order.merchantId) ? sent(telling, grounds) : kept(telling),
  );
  const moved = await walk(tx, walks);
  await refuseEnded(
    tx,
    walks.map(({ orderId }) => orderId).filter((id) => !moved.has(id)),
  );
}

/** Its merchant sends by itself. */
function kept({ order, because }: Telling): Walk {
  return { orderId: order.id, steps: [{ from: 'open', trigger: 'pay', ...because }] };
}

function sent({ event, order, because }: Telling, { authorizedSeq, approvedSeq }: Grounds): Walk {
  const fulfilment = { id: event.id, payment_id: event.paymentId, at: because.at };
  return {
    orderId: order.id,
    steps: [
      { from: 'open', trigger: 'pay', ...because },
      { from: 'paid', trigger: 'begin_fulfilment', fulfilmentId: event.id, ...because },
    ],
    leaves: { ...fulfilment, authorized_seq: authorizedSeq, approved_seq: approvedSeq, captured_seq: event.seq },
  };
}

/** Says which orders were still to be paid. */
async function walk(tx: RawSql, walks: readonly Walk[]): Promise<Set<string>> {
  const moved = await tx<{ id: string }[]>`
    WITH ${movedOrders(tx, walks)},
    sending AS (
      INSERT INTO fulfilments (id, order_id, merchant_id, payment_id, authorized_seq, approved_seq, captured_seq, status,
        tries, next_at, opened_at)
      SELECT f.id, m.id, m.merchant_id, f.payment_id, f.authorized_seq, f.approved_seq, f.captured_seq, 'due', 0, f.at, f.at
      FROM moved m CROSS JOIN LATERAL json_to_record(m.leaves) AS f (id uuid, payment_id uuid, authorized_seq int,
        approved_seq int, captured_seq int, at timestamptz)
      WHERE m.leaves IS NOT NULL),
    logged AS (${loggedSteps(tx)})
    SELECT id FROM moved`;
  return new Set(moved.map(({ id }) => id));
}

interface Grounds {
  authorizedSeq: number;
  authorizedAt: Date;
  approvedSeq: number;
}

const telling = ['authorize', 'approve', 'review_opened', 'review_closed'];

/** Where in the payments' logs the authorisation stands, and the yes: risk's own, or the one that ended its review. */
async function groundsOf(tx: RawSql, tellings: readonly Telling[]): Promise<Map<string, Grounds>> {
  const events = await eventsOf(
    tx,
    tellings.map(({ event }) => event.paymentId),
    telling,
  );
  const found = new Map<string, Grounds>();
  for (const { event, order } of tellings) {
    const own = events.get(event.paymentId)?.filter(({ merchantId }) => merchantId === order.merchantId);
    const last = (name: string) => own?.findLast(({ trigger }) => trigger === name);
    const authorized = last('authorize');
    const approved = last('review_opened') ? last('review_closed') : last('approve');
    if (!authorized || !approved) continue;
    const { seq: authorizedSeq, at: authorizedAt } = authorized;
    found.set(event.paymentId, { authorizedSeq, authorizedAt, approvedSeq: approved.seq });
  }
  return found;
}

/** Seen twice, they are paid already. Money for an order that had ended unpaid is expected by nobody: people look. */
async function refuseEnded(tx: RawSql, orderIds: readonly string[]): Promise<void> {
  if (orderIds.length === 0) return;
  const ended =
    await tx`SELECT id FROM orders WHERE id = ANY(${orderIds}::uuid[]) AND state IN ('canceled', 'expired')`;
  invariant(ended.length === 0, 'an order that has ended takes no money');
}
