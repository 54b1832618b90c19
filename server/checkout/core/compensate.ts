import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { RefundView } from '#server/payments/view.ts';
import { later, triesAtMost, waitAfter } from './backoff.ts';
import { type OrderSeams, saga } from './order-room.ts';
import { stepOrder } from './order-step.ts';

/** Milliseconds for which nobody else takes it up: longer than a refund may wait for its provider. */
const lease = 120_000;

interface Due {
  id: string;
  orderId: string;
  merchantId: string;
  paymentId: string;
  attempt: number;
  refundId: string | null;
  tries: number;
}

/** How the refund stands, as far as one run could find out. */
type Standing =
  | { kind: 'refund'; refund: RefundView }
  /** All of the money is back already, whoever has given it back. */
  | { kind: 'returned' }
  | { kind: 'failed'; why: string };

/**
 * Gives back what was paid for orders that cannot be sent: write, call, write. The refund's key is the command's, so
 * that it is asked for once, however often this is run and wherever it dies. The order is compensated when the log says
 * that the refund is complete.
 *
 * @returns  How many it dealt with.
 */
export async function compensate(room: OrderSeams, limit: number): Promise<number> {
  const due = await claim(room, limit);
  await Promise.all(due.map((one) => carryOut(room, one).catch((error) => complain(room, one, error))));
  return due.length;
}

async function carryOut(room: OrderSeams, due: Due): Promise<void> {
  await record(room, due, await refundOf(room, due));
}

function claim(room: OrderSeams, limit: number): Promise<Due[]> {
  const at = room.clock.now();
  return room.transact('compensate_claim', async (tx) => {
    const claimed = await tx<Due[]>`
      UPDATE compensations SET tries = tries + 1, next_at = ${later(at, lease)} WHERE id IN (
        SELECT id FROM compensations WHERE status = 'due' AND next_at <= ${at}
        ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
      RETURNING id, order_id AS "orderId", merchant_id AS "merchantId", payment_id AS "paymentId", attempt,
        refund_id AS "refundId", tries`;
    for (const one of claimed) if (one.tries === 1) await step(tx, one, { trigger: 'refund_asked', at });
    return [...claimed];
  });
}

/** Asks for the refund, or after the one that was asked for already. */
async function refundOf(room: OrderSeams, due: Due): Promise<Standing> {
  const caller: Caller = { kind: 'workload', merchantId: due.merchantId, name: saga };
  const claim = {
    merchantId: due.merchantId,
    key: `${saga}/${due.id}/${due.attempt}`,
    fingerprint: sha256(`compensate ${due.id}`),
  };
  try {
    if (due.refundId) return { kind: 'refund', refund: await room.payments.refundById(caller, due.refundId) };
    const known = await room.keys.recall(claim);
    if (known.kind === 'abandoned') {
      return { kind: 'refund', refund: await room.payments.refundById(caller, known.subject.id) };
    }
    const note = 'The order could not be sent.';
    const refund = await room.payments.refund(caller, { paymentId: due.paymentId, reason: 'other', note, claim });
    return { kind: 'refund', refund };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return error.code === 'already_refunded' ? { kind: 'returned' } : { kind: 'failed', why: error.message };
  }
}

function record(room: OrderSeams, due: Due, standing: Standing): Promise<void> {
  const at = room.clock.now();
  return room.transact('compensate_answer', async (tx) => {
    if (standing.kind === 'returned') return returned(tx, due, at);
    if (standing.kind === 'failed') return tryLater(room, tx, { due, at, why: standing.why });
    const { id, status, code } = standing.refund;
    switch (status) {
      case 'accepted':
        // The log may have told of it first.
        await tx`
          UPDATE compensations SET status = 'done', closed_at = coalesce(closed_at, ${at}), refund_id = ${id}
          WHERE id = ${due.id} AND attempt = ${due.attempt} AND status IN ('due', 'done')`;
        return;
      case 'refused':
        return stick(tx, { due, at, trigger: 'refund_refused', why: code ?? 'the provider refused', refundId: id });
      case 'absent':
        // It never reached the provider, for sure: asked for anew, under a key of its own.
        await tx`
          UPDATE compensations SET attempt = attempt + 1, refund_id = NULL, next_at = ${at}
          WHERE id = ${due.id} AND status = 'due' AND attempt = ${due.attempt}`;
        return;
      default:
        // The provider has not said. Payments asks it, and tells people when it stays silent; here it is only awaited.
        await tx`
          UPDATE compensations SET refund_id = ${id}, next_at = ${later(at, waitAfter(due.tries, room.random))}
          WHERE id = ${due.id} AND status = 'due'`;
    }
  });
}

/** The log told of it before the order had failed, so that nobody has moved the order since. */
async function returned(tx: RawSql, due: Due, at: Date): Promise<void> {
  await tx`UPDATE compensations SET status = 'done', closed_at = ${at} WHERE id = ${due.id} AND status = 'due'`;
  await step(tx, due, { trigger: 'compensate', at, data: { reason: 'refunded already' } });
}

async function tryLater(
  room: OrderSeams,
  tx: RawSql,
  { due, at, why }: { due: Due; at: Date; why: string },
): Promise<void> {
  if (due.tries >= triesAtMost) return stick(tx, { due, at, trigger: 'given_up', why, refundId: null });
  await tx`
    UPDATE compensations SET next_at = ${later(at, waitAfter(due.tries, room.random))}
    WHERE id = ${due.id} AND status = 'due'`;
}

interface Stuck {
  due: Due;
  at: Date;
  trigger: 'refund_refused' | 'given_up';
  why: string;
  refundId: string | null;
}

/** The shopper has neither goods nor money: a person has to look. */
async function stick(tx: RawSql, { due, at, trigger, why, refundId }: Stuck): Promise<void> {
  const stuck = await tx`
    UPDATE compensations SET status = 'stuck', reason = ${why}, refund_id = ${refundId}
    WHERE id = ${due.id} AND status = 'due' RETURNING id`;
  if (stuck.length > 0) await step(tx, due, { trigger, at, data: { why } });
}

interface Taken {
  trigger: 'refund_asked' | 'refund_refused' | 'given_up' | 'compensate';
  at: Date;
  data?: Record<string, string>;
}

async function step(tx: RawSql, { id, orderId }: Due, taken: Taken): Promise<void> {
  const because = { cause: 'compensation', actor: { kind: 'workload', id: saga } };
  await stepOrder(tx, { orderId }, { from: 'failed', fulfilmentId: id, ...because, ...taken });
}

function complain(room: OrderSeams, { orderId, paymentId, merchantId }: Due, error: unknown): void {
  const fields = { order: orderId, payment: paymentId, merchant: merchantId, error };
  room.log.warn(fields, 'a compensation failed half-way and will be taken up again');
}
