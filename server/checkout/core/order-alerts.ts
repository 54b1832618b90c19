import { showId } from '#server/kernel/id.ts';
import type { OrderSeams } from './order-room.ts';

interface Stuck {
  orderId: string;
  merchantId: string;
  reference: string | null;
  compensating: boolean;
  why: string | null;
}

/**
 * Tells people of orders that are stuck, and takes it back once they no longer are. What was told is noted after it was
 * told: a crash in between tells it again, which is the same alert.
 *
 * @returns  How many it told of.
 */
export async function alertOfStuck(room: OrderSeams, limit: number): Promise<number> {
  const over = await noLonger(room, limit);
  for (const orderId of over) {
    await room.alerts.resolve('fulfilment_failed', orderId);
    await note(room, orderId, null);
  }
  // Looked for afterwards: an order may be stuck again, in the next thing.
  const stuck = await untold(room, limit);
  for (const one of stuck) {
    await room.alerts.raise(newsOf(one));
    await note(room, one.orderId, room.clock.now());
  }
  return stuck.length + over.length;
}

function untold({ sql }: OrderSeams, limit: number): Promise<Stuck[]> {
  return sql<Stuck[]>`
    SELECT o.id AS "orderId", o.merchant_id AS "merchantId", s.client_reference_id AS reference,
      c.id IS NOT NULL AS compensating, c.reason AS why
    FROM fulfilments f
    JOIN orders o ON o.id = f.order_id
    JOIN checkout_sessions s ON s.id = o.session_id
    LEFT JOIN compensations c ON c.id = f.id
    WHERE (f.status = 'stuck' AND f.alerted_at IS NULL) OR (c.status = 'stuck' AND c.alerted_at IS NULL)
    ORDER BY f.id LIMIT ${limit}`;
}

async function noLonger({ sql }: OrderSeams, limit: number): Promise<string[]> {
  const rows = await sql<{ orderId: string }[]>`
    SELECT order_id AS "orderId" FROM fulfilments WHERE alerted_at IS NOT NULL AND status <> 'stuck'
    UNION
    SELECT order_id FROM compensations WHERE alerted_at IS NOT NULL AND status <> 'stuck'
    LIMIT ${limit}`;
  return rows.map(({ orderId }) => orderId);
}

/** Each says for itself whether it is stuck; what was told, or taken back, was so of the order. */
function note({ transact }: OrderSeams, orderId: string, at: Date | null): Promise<void> {
  return transact('checkout.order-alerted', async (tx) => {
    await tx`
      UPDATE fulfilments SET alerted_at = ${at} WHERE order_id = ${orderId} AND (status = 'stuck') = ${at !== null}`;
    await tx`
      UPDATE compensations SET alerted_at = ${at} WHERE order_id = ${orderId} AND (status = 'stuck') = ${at !== null}`;
  });
}

function newsOf({ orderId, merchantId, reference, compensating, why }: Stuck) {
  const order = reference ?? showId('order', orderId);
  const title = compensating
    ? `Order ${order} was not sent, and its money could not be given back`
    : `The warehouse does not say whether order ${order} was sent`;
  const detail: Record<string, string> = { order: showId('order', orderId), ...(why && { why }) };
  const path = `/admin/orders/${showId('order', orderId)}`;
  return { kind: 'fulfilment_failed' as const, merchantId, subject: orderId, title, detail, path };
}
