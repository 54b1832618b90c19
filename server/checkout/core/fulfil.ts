import type { RawSql } from '#db/client.ts';
import { showId } from '#server/kernel/id.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { Consignment, Dispatch, Silent } from '../warehouse.ts';
import { later, triesAtMost, waitAfter } from './backoff.ts';
import { type OrderSeams, saga } from './order-room.ts';
import { stepOrder } from './order-step.ts';

/** Milliseconds for which nobody else takes it up: longer than a question and a call may last together. */
const lease = 30_000;

interface Due {
  id: string;
  orderId: string;
  merchantId: string;
  paymentId: string;
  tries: number;
  /** `due`: nobody was asked before. */
  was: 'due' | 'asked';
}

/**
 * Asks warehouses to send what is due: write, call, write. What was asked for before and has no answer is asked about
 * by its key first. Safe to run in any number of processes.
 *
 * @returns  How many it dealt with.
 */
export async function fulfil(room: OrderSeams, limit: number): Promise<number> {
  const due = await claim(room, limit);
  await Promise.all(due.map((one) => carryOut(room, one).catch((error) => complain(room, one, error))));
  return due.length;
}

async function carryOut(room: OrderSeams, due: Due): Promise<void> {
  await answer(room, due, await askWarehouse(room, due));
}

/** From now on the warehouse may have been asked, whatever becomes of this process. */
function claim(room: OrderSeams, limit: number): Promise<Due[]> {
  const at = room.clock.now();
  return room.transact('fulfil_claim', async (tx) => {
    const claimed = await tx<Due[]>`
      WITH due AS (
        SELECT id, status FROM fulfilments WHERE status IN ('due', 'asked') AND next_at <= ${at}
        ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      UPDATE fulfilments f SET status = 'asked', tries = tries + 1, next_at = ${later(at, lease)}
      FROM due WHERE f.id = due.id
      RETURNING f.id, f.order_id AS "orderId", f.merchant_id AS "merchantId", f.payment_id AS "paymentId", f.tries,
        due.status AS was`;
    for (const one of claimed) if (one.was === 'due') await step(tx, one, { trigger: 'warehouse_asked', at });
    return [...claimed];
  });
}

async function askWarehouse(room: OrderSeams, due: Due): Promise<Dispatch | Silent> {
  const warehouse = room.warehouses.get(due.merchantId);
  if (!warehouse) return { kind: 'silent', why: 'no warehouse is configured for this merchant' };
  const known = due.was === 'due' ? { kind: 'absent' as const } : await warehouse.ask(due.id);
  return known.kind === 'absent' ? warehouse.ship(await consignment(room.sql, due), due.id) : known;
}

async function consignment(sql: RawSql, { orderId }: Due): Promise<Consignment> {
  const rows = await sql<(Omit<Consignment, 'lines' | 'order'> & Consignment['lines'][number])[]>`
    SELECT s.client_reference_id AS reference, coalesce(s.shopper_email, s.customer_email) AS email, s.amount, s.currency,
      i.name, i.quantity
    FROM orders o
    JOIN checkout_sessions s ON s.id = o.session_id
    JOIN checkout_line_items i ON i.session_id = s.id
    WHERE o.id = ${orderId} ORDER BY i.position LIMIT 100`;
  const { reference = null, email = null, amount = 0n, currency = 'EUR' as Currency } = rows[0] ?? {};
  const lines = rows.map(({ name, quantity }) => ({ name, quantity }));
  return { order: showId('order', orderId), reference, email, amount, currency, lines };
}

/** Writes what was answered. A definite answer is true whoever brings it; of silence only the last to ask may speak. */
function answer(room: OrderSeams, due: Due, said: Dispatch | Silent): Promise<void> {
  const at = room.clock.now();
  return room.transact('fulfil_answer', async (tx) => {
    if (said.kind === 'silent') return keepSilent(room, tx, { due, at, why: said.why });
    const reason = said.kind === 'refused' ? said.reason : null;
    const closed = await tx`
      UPDATE fulfilments SET status = ${said.kind}, closed_at = ${at}, reason = ${reason}
      WHERE id = ${due.id} AND status IN ('asked', 'stuck') RETURNING id`;
    if (closed.length === 0) return;
    if (said.kind === 'shipped') return step(tx, due, { trigger: 'ship', at });
    await step(tx, due, { trigger: 'refuse', at, data: { reason: said.reason } });
    await tx`
      INSERT INTO compensations (id, order_id, merchant_id, payment_id, status, attempt, tries, next_at, opened_at)
      VALUES (${due.id}, ${due.orderId}, ${due.merchantId}, ${due.paymentId}, 'due', 1, 0, ${at}, ${at})`;
  });
}

/** Asked again later, and after so many tries by nobody but a person: whether the goods are gone is not guessed. */
async function keepSilent(
  room: OrderSeams,
  tx: RawSql,
  { due, at, why }: { due: Due; at: Date; why: string },
): Promise<void> {
  const stuck = due.tries >= triesAtMost;
  const kept = await tx`
    UPDATE fulfilments SET status = ${stuck ? 'stuck' : 'asked'}, next_at = ${later(at, waitAfter(due.tries, room.random))}
    WHERE id = ${due.id} AND status = 'asked' AND tries = ${due.tries} RETURNING id`;
  if (kept.length > 0) await step(tx, due, { trigger: stuck ? 'given_up' : 'warehouse_silent', at, data: { why } });
}

interface Taken {
  trigger: 'warehouse_asked' | 'warehouse_silent' | 'given_up' | 'ship' | 'refuse';
  at: Date;
  data?: Record<string, string>;
}

async function step(tx: RawSql, { id, orderId }: Due, taken: Taken): Promise<void> {
  const because = { cause: 'fulfilment', actor: { kind: 'workload', id: saga } };
  await stepOrder(tx, { orderId }, { from: 'fulfilling', fulfilmentId: id, ...because, ...taken });
}

function complain(room: OrderSeams, { orderId, paymentId, merchantId }: Due, error: unknown): void {
  const fields = { order: orderId, payment: paymentId, merchant: merchantId, error };
  room.log.warn(fields, 'a fulfilment failed half-way and will be taken up again');
}
