import { type Due, makeAnswers, type Said, stepOf } from './answers.ts';
import { later } from './backoff.ts';
import { makeConsignments } from './consignments.ts';
import { looksFew } from './few.ts';
import { moneyOf } from './order-money.ts';
import type { OrderSeams } from './order-room.ts';
import { walkOrders } from './order-step.ts';

/** Milliseconds for which nobody else takes it up: longer than a question and a call may last together. */
const lease = 30_000;

/**
 * Asks warehouses to send what is due: write, call, write. What was asked for before and has no answer is asked about
 * by its key first, and nothing is asked for, the first time or again, whose money is not there any more. Safe to run
 * in any number of processes.
 *
 * @returns  What deals with at most so many at once, and says how many it dealt with.
 */
export function makeFulfil(room: OrderSeams): (limit: number) => Promise<number> {
  const [consignment, answer] = [makeConsignments(room), makeAnswers(room)];

  async function carryOut(due: Due): Promise<void> {
    await answer(due, await askWarehouse(due));
  }

  async function askWarehouse(due: Due): Promise<Said> {
    const warehouse = room.warehouses.get(due.merchantId);
    if (!warehouse) return { kind: 'silent', why: 'no warehouse is configured for this merchant' };
    const known = due.was === 'due' ? { kind: 'absent' as const } : await warehouse.ask(due.id);
    if (known.kind !== 'absent') return known;
    const money = await moneyOf(room, due);
    return money === 'taken' ? warehouse.ship(await consignment(due.orderId), due.id) : { kind: money };
  }

  return async (limit) => {
    const due = await claim(room, limit);
    await Promise.all(due.map((one) => carryOut(one).catch((error) => complain(room, one, error))));
    return due.length;
  };
}

/** From now on the warehouse may have been asked, whatever becomes of this process. */
function claim(room: OrderSeams, limit: number): Promise<Due[]> {
  const at = room.clock.now();
  return room.transact('checkout.fulfil-claim', async (tx) => {
    // The bounds of `n` are for the planner: see `few.ts`.
    const claimed = await tx<Due[]>`
      WITH due AS MATERIALIZED (
        SELECT id, status FROM fulfilments WHERE status IN ('due', 'asked') AND next_at <= ${at}
        ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      UPDATE fulfilments f SET status = 'asked', tries = tries + 1, next_at = ${later(at, lease)}
      FROM (SELECT * FROM (SELECT *, row_number() OVER () AS n FROM due) d WHERE ${looksFew(tx)}) d WHERE f.id = d.id
      RETURNING f.id, f.order_id AS "orderId", f.merchant_id AS "merchantId", f.payment_id AS "paymentId", f.tries,
        d.status AS was`;
    const first = claimed.filter(({ was }) => was === 'due');
    if (first.length > 0)
      await walkOrders(
        tx,
        first.map((one) => ({ orderId: one.orderId, steps: [stepOf(one, { trigger: 'warehouse_asked', at })] })),
      );
    return [...claimed];
  });
}

function complain(room: OrderSeams, { orderId, paymentId, merchantId }: Due, error: unknown): void {
  const fields = { order: orderId, payment: paymentId, merchant: merchantId, error };
  room.log.warn(fields, 'a fulfilment failed half-way and will be taken up again');
}
