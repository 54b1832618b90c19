import type { RawSql } from '#db/client.ts';
import { showId } from '#server/kernel/id.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { Consignment, Dispatch, Silent } from '../warehouse.ts';
import { later, triesAtMost, waitAfter } from './backoff.ts';
import { refundedBefore } from './order-compensated.ts';
import { isReturned, moneyOf } from './order-money.ts';
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

/** What has come of one run: the warehouse's word, or why it was not asked to send anything. */
type Said = Dispatch | Silent | { kind: 'refunding' } | { kind: 'returned' };

/**
 * Asks warehouses to send what is due: write, call, write. What was asked for before and has no answer is asked about
 * by its key first, and nothing is asked for, the first time or again, whose money is not there any more. Safe to run
 * in any number of processes.
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
  return room.transact('checkout.fulfil-claim', async (tx) => {
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

async function askWarehouse(room: OrderSeams, due: Due): Promise<Said> {
  const warehouse = room.warehouses.get(due.merchantId);
  if (!warehouse) return { kind: 'silent', why: 'no warehouse is configured for this merchant' };
  const known = due.was === 'due' ? { kind: 'absent' as const } : await warehouse.ask(due.id);
  if (known.kind !== 'absent') return known;
  const money = await moneyOf(room, due);
  return money === 'taken' ? warehouse.ship(await consignment(room.sql, due), due.id) : { kind: money };
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
function answer(room: OrderSeams, due: Due, said: Said): Promise<void> {
  const at = room.clock.now();
  return room.transact('checkout.fulfil-answer', async (tx) => {
    if (said.kind === 'silent') return keepSilent(room, tx, { due, at, why: said.why });
    if (said.kind === 'refunding') return awaitRefund(room, tx, due, at);
    if (said.kind === 'returned') return callOff(tx, due, at);
    const reason = said.kind === 'refused' ? said.reason : null;
    const closed = await tx`
      UPDATE fulfilments SET status = ${said.kind}, closed_at = ${at}, reason = ${reason}
      WHERE id = ${due.id} AND status IN ('asked', 'stuck') RETURNING id`;
    if (closed.length === 0) return;
    if (said.kind === 'shipped') return step(tx, due, { trigger: 'ship', at });
    await step(tx, due, { trigger: 'refuse', at, data: { reason: said.reason } });
    await owe(tx, due, at);
  });
}

/** Leaves the command to give the money back. */
async function owe(tx: RawSql, due: Due, at: Date): Promise<void> {
  await tx`
    INSERT INTO compensations (id, order_id, merchant_id, payment_id, status, attempt, tries, next_at, opened_at)
    VALUES (${due.id}, ${due.orderId}, ${due.merchantId}, ${due.paymentId}, 'due', 1, 0, ${at}, ${at})`;
}

/**
 * The warehouse has heard of nothing, and hears no more of it. Only the last to ask may say so: another may be asking
 * it to send.
 */
async function callOff(tx: RawSql, due: Due, at: Date): Promise<void> {
  const closed = await tx`
    UPDATE fulfilments SET status = 'called_off', closed_at = ${at}, reason = ${refundedBefore}
    WHERE id = ${due.id} AND status = 'asked' AND tries = ${due.tries} RETURNING id`;
  if (closed.length === 0) return;
  await step(tx, due, { trigger: 'call_off', at });
  // The provider may have taken the refund back since: then the money is owed again.
  if (!(await isReturned(tx, due))) return owe(tx, due, at);
  await step(tx, due, { from: 'failed', trigger: 'compensate', at });
}

/** Payments asks the provider, and tells people when it stays silent; here its answer is only awaited. */
async function awaitRefund(room: OrderSeams, tx: RawSql, due: Due, at: Date): Promise<void> {
  await tx`
    UPDATE fulfilments SET next_at = ${later(at, waitAfter(due.tries, room.random))}
    WHERE id = ${due.id} AND status = 'asked' AND tries = ${due.tries}`;
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
  /** `fulfilling` where it is left out. */
  from?: 'failed';
  trigger: 'warehouse_asked' | 'warehouse_silent' | 'given_up' | 'ship' | 'refuse' | 'call_off' | 'compensate';
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
