import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { OrderEntry, OrderRow, OrderState, Orders, OrderView } from '../orders.ts';
import type { LineItemView } from '../view.ts';

/** More than any order has: its log is read whole. */
const entriesAtMost = 1000;
const rowsAtMost = 100;

/** The questions about orders; each answers a merchant about its own alone. */
export function orderViews(sql: RawSql): Pick<Orders, 'list' | 'order' | 'ofIntent'> {
  return {
    async list(caller, { states, after, limit }) {
      requirePermission(caller, 'payments:read');
      const most = Math.min(limit, rowsAtMost);
      const rows = await sql<OrderRow[]>`
        ${selectRows(sql)}
        WHERE o.merchant_id = ${caller.merchantId}
          ${states?.length ? sql`AND o.state IN ${sql(states)}` : sql``}
          ${after ? sql`AND o.id < ${after}` : sql``}
        ORDER BY o.id DESC LIMIT ${most + 1}`;
      const page = rows.slice(0, most);
      return { rows: page, next: rows.length > most ? (page.at(-1)?.id ?? null) : null };
    },
    order: (caller, orderId) => readOrder(sql, caller, orderId),
    async ofIntent(caller, intentId) {
      requirePermission(caller, 'payments:read');
      const [row] = await sql<OrderRow[]>`
        ${selectRows(sql)} WHERE s.intent_id = ${intentId} AND o.merchant_id = ${caller.merchantId}`;
      return row ?? null;
    },
  };
}

function selectRows(sql: RawSql) {
  return sql`
    SELECT o.id, o.state, s.amount, s.currency, s.client_reference_id AS reference,
      coalesce(s.shopper_email, s.customer_email) AS email, o.created_at AS "createdAt", o.updated_at AS "updatedAt",
      CASE WHEN f.status = 'stuck' THEN 'warehouse' WHEN c.status = 'stuck' THEN 'refund' END AS trouble
    FROM orders o
    JOIN checkout_sessions s ON s.id = o.session_id
    LEFT JOIN fulfilments f ON f.order_id = o.id
    LEFT JOIN compensations c ON c.order_id = o.id`;
}

/** @throws Refusal `not_found`, also for another merchant's. */
async function readOrder(sql: RawSql, caller: Caller, orderId: string): Promise<OrderView> {
  requirePermission(caller, 'payments:read');
  const [[row], more, lineItems, entries] = await Promise.all([
    sql<OrderRow[]>`${selectRows(sql)} WHERE o.id = ${orderId} AND o.merchant_id = ${caller.merchantId}`,
    readSaga(sql, orderId),
    readItems(sql, orderId),
    readEntries(sql, orderId),
  ]);
  if (!row || !more) throw new Refusal('not_found', 'No such order.');
  return { ...row, ...more, merchantId: caller.merchantId, lineItems, entries };
}

type Saga = Pick<OrderView, 'sessionId' | 'intentId' | 'fulfilment' | 'compensation'>;

async function readSaga(sql: RawSql, orderId: string): Promise<Saga | undefined> {
  const [row] = await sql<SagaRow[]>`
    SELECT s.id AS session_id, CASE WHEN s.attempted_at IS NOT NULL THEN s.intent_id END AS intent_id,
      f.status, f.tries, f.next_at, f.reason, c.status AS back_status, c.tries AS back_tries, c.next_at AS back_next_at,
      c.reason AS back_reason, c.refund_id
    FROM orders o
    JOIN checkout_sessions s ON s.id = o.session_id
    LEFT JOIN fulfilments f ON f.order_id = o.id
    LEFT JOIN compensations c ON c.order_id = o.id
    WHERE o.id = ${orderId}`;
  if (!row) return undefined;
  const { status, back_status: back } = row;
  return {
    sessionId: row.session_id,
    intentId: row.intent_id,
    fulfilment: status ? { status, tries: row.tries, nextAt: row.next_at, reason: row.reason } : null,
    compensation: back
      ? {
          status: back,
          tries: row.back_tries,
          nextAt: row.back_next_at,
          reason: row.back_reason,
          refundId: row.refund_id,
        }
      : null,
  };
}

interface SagaRow {
  session_id: string;
  intent_id: string | null;
  /** Null where there is no fulfilment; so with its columns below. */
  status: string | null;
  tries: number;
  next_at: Date;
  reason: string | null;
  back_status: string | null;
  back_tries: number;
  back_next_at: Date;
  back_reason: string | null;
  refund_id: string | null;
}

async function readItems(sql: RawSql, orderId: string): Promise<LineItemView[]> {
  const rows = await sql<Omit<LineItemView, 'amount'>[]>`
    SELECT i.id, i.name, i.description, i.unit_amount AS "unitAmount", i.quantity
    FROM orders o JOIN checkout_line_items i ON i.session_id = o.session_id
    WHERE o.id = ${orderId} ORDER BY i.position LIMIT 100`;
  return rows.map((row) => ({ ...row, amount: row.unitAmount * BigInt(row.quantity) }));
}

async function readEntries(sql: RawSql, orderId: string): Promise<OrderEntry[]> {
  const rows = await sql<EntryRow[]>`
    SELECT seq, trigger, from_state AS "from", to_state AS "to", cause, actor_kind, actor_id, data, at
    FROM order_events WHERE order_id = ${orderId} ORDER BY seq LIMIT ${entriesAtMost}`;
  return rows.map(({ actor_kind: kind, actor_id: id, ...row }) => ({ ...row, actor: { kind, id } }));
}

type EntryRow = Omit<OrderEntry, 'actor'> & { actor_kind: string; actor_id: string | null; from: OrderState | null };
