import type { RawSql } from '#db/client.ts';
import type { Telling } from './order-room.ts';
import { stepOrder } from './order-step.ts';

/** Why an order is called off. */
export const refundedBefore = 'refunded before it was sent';

/** All of the money is back: an order that had failed is compensated, whoever has given it back. */
export async function compensated(tx: RawSql, { order, because }: Telling): Promise<boolean> {
  const fulfilment = await held(tx, order.id);
  if (!fulfilment) return false;
  await tx`
    UPDATE compensations SET status = 'done', closed_at = ${because.at}
    WHERE order_id = ${order.id} AND status <> 'done'`;
  const step = { from: 'failed', trigger: 'compensate', fulfilmentId: fulfilment.id, ...because } as const;
  return stepOrder(tx, { orderId: order.id }, step);
}

/**
 * Somebody gave all of the money back before the warehouse was asked: nothing is sent. Once it was asked, it may have
 * been sent: the worker goes on to find out, and calls the order off where it was not.
 */
export async function callOff(tx: RawSql, { order, because }: Telling): Promise<void> {
  const [fulfilment] = await tx<{ id: string }[]>`
    UPDATE fulfilments SET status = 'called_off', closed_at = ${because.at}, reason = ${refundedBefore}
    WHERE order_id = ${order.id} AND status = 'due' RETURNING id`;
  if (!fulfilment) return;
  const of = { orderId: order.id };
  const step = { fulfilmentId: fulfilment.id, ...because };
  await stepOrder(tx, of, { from: 'fulfilling', trigger: 'call_off', ...step });
  await stepOrder(tx, of, { from: 'failed', trigger: 'compensate', ...step });
}

/**
 * The order's fulfilment, whose row nobody else changes until this transaction ends. The worker holds it too before it
 * says that the money is back, so that the log's next word, whatever it is, finds an order that agrees with the last.
 */
async function held(tx: RawSql, orderId: string): Promise<{ id: string } | undefined> {
  const [fulfilment] = await tx<{ id: string }[]>`
    SELECT id FROM fulfilments WHERE order_id = ${orderId} FOR NO KEY UPDATE`;
  return fulfilment;
}

const takenBack = 'the provider took the refund back';

/** The provider took the refund back: the shopper has neither goods nor money, and a person has to look. */
export async function undone(tx: RawSql, { order, event, because }: Telling): Promise<void> {
  const fulfilment = await held(tx, order.id);
  if (!fulfilment) return;
  const step = { from: 'compensated', trigger: 'undo_compensation', fulfilmentId: fulfilment.id, ...because } as const;
  if (!(await stepOrder(tx, { orderId: order.id }, { ...step, data: { reason: takenBack } }))) return;
  await tx`
    INSERT INTO compensations (id, order_id, merchant_id, payment_id, status, attempt, tries, next_at, opened_at, reason)
    VALUES (${fulfilment.id}, ${order.id}, ${order.merchantId}, ${event.paymentId}, 'stuck', 1, 0, ${because.at},
      ${because.at}, ${takenBack})
    ON CONFLICT (id) DO UPDATE SET status = 'stuck', closed_at = NULL, reason = ${takenBack}`;
}
