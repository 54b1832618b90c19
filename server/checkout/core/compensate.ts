import type { RawSql } from '#db/client.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { RefundView } from '#server/payments/view.ts';
import { later, triesAtMost, waitAfter } from './backoff.ts';
import { asSaga, isReturned, type Money, moneyOf } from './order-money.ts';
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

/** Where things stand, as far as one run could find out. */
type Standing =
  /** This attempt's refund, which is not accepted. */
  | { kind: 'refund'; refund: RefundView }
  /** It is accepted, or nothing was left to ask for; and where the money is, then. */
  | { kind: Money; refundId: string | null }
  | { kind: 'failed'; why: string };

/** Of the tries, so many at most are spent on waiting: the rest is for what goes wrong afterwards. */
const triesToWait = triesAtMost / 2;

/**
 * Gives back what was paid for orders that cannot be sent: write, call, write. The refund's key is the command's and
 * its attempt's, so that it is asked for once, however often this is run and wherever it dies. An accepted refund ends
 * nothing by itself: others may have given back a part, and that may fail. The command is due until the log says that
 * all that was captured is back, and what is left is asked for under a new attempt.
 *
 * @returns  How many it dealt with.
 */
export async function compensate(room: OrderSeams, limit: number): Promise<number> {
  const due = await claim(room, limit);
  await Promise.all(due.map((one) => carryOut(room, one).catch((error) => complain(room, one, error))));
  return due.length;
}

async function carryOut(room: OrderSeams, due: Due): Promise<void> {
  await record(room, due, await standingOf(room, due));
}

function claim(room: OrderSeams, limit: number): Promise<Due[]> {
  const at = room.clock.now();
  return room.transact('checkout.compensate-claim', async (tx) => {
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

/** Asks for what is left to give back, or after the refund that was asked for already. */
async function standingOf(room: OrderSeams, due: Due): Promise<Standing> {
  try {
    const known = await knownRefund(room, due);
    if (!known) {
      const money = await moneyOf(room, due);
      if (money !== 'taken') return { kind: money, refundId: null };
    }
    const refund = known ?? (await ask(room, due));
    if (refund.status !== 'accepted') return { kind: 'refund', refund };
    return { kind: await moneyOf(room, due), refundId: refund.id };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { kind: 'failed', why: error.message };
  }
}

async function knownRefund(room: OrderSeams, due: Due): Promise<RefundView | undefined> {
  const caller = asSaga(due.merchantId);
  if (due.refundId) return room.payments.refundById(caller, due.refundId);
  const known = await room.keys.recall(claimOf(due));
  return known.kind === 'abandoned' ? room.payments.refundById(caller, known.subject.id) : undefined;
}

function ask(room: OrderSeams, due: Due): Promise<RefundView> {
  const note = 'The order could not be sent.';
  const wanted = { paymentId: due.paymentId, reason: 'other' as const, note, claim: claimOf(due) };
  return room.payments.refund(asSaga(due.merchantId), wanted);
}

function claimOf({ id, merchantId, attempt }: Due): Claim {
  return { merchantId, key: `${saga}/${id}/${attempt}`, fingerprint: sha256(`compensate ${id}`) };
}

function record(room: OrderSeams, due: Due, standing: Standing): Promise<void> {
  const at = room.clock.now();
  return room.transact('checkout.compensate-answer', async (tx) => {
    switch (standing.kind) {
      case 'returned':
        return returned(room, tx, { due, at, refundId: standing.refundId });
      case 'refunding':
        return wait(room, tx, { due, at, refundId: standing.refundId });
      case 'taken':
        return askAnew(room, tx, { due, at, why: 'what was given back is not all that was paid' });
      case 'failed':
        return tryLater(room, tx, { due, at, why: standing.why });
    }
    const { id: refundId, status, code } = standing.refund;
    if (status === 'refused') {
      return stick(tx, { due, at, trigger: 'refund_refused', why: code ?? 'the provider refused', refundId });
    }
    // Absent: it never reached the provider, for sure.
    if (status === 'absent') return askAnew(room, tx, { due, at, why: 'the refund never reached the provider' });
    await wait(room, tx, { due, at, refundId });
  });
}

interface Asked {
  due: Due;
  at: Date;
  refundId: string | null;
}

/** All of it is back. The log has told so, and the order was moved by that; or it told before the order had failed. */
async function returned(room: OrderSeams, tx: RawSql, asked: Asked): Promise<void> {
  const { due, at, refundId } = asked;
  await tx`SELECT 1 FROM fulfilments WHERE id = ${due.id} FOR NO KEY UPDATE`;
  // The provider has taken the refund back since: the next run finds out what is owed.
  if (!(await isReturned(tx, due))) return wait(room, tx, asked);
  const closed = await tx`
    UPDATE compensations SET status = 'done', closed_at = coalesce(closed_at, ${at}),
      refund_id = coalesce(${refundId}::uuid, refund_id)
    WHERE id = ${due.id} AND attempt = ${due.attempt} AND status IN ('due', 'done') RETURNING id`;
  if (closed.length > 0)
    await step(tx, due, { trigger: 'compensate', at, data: refundId ? {} : { reason: 'refunded already' } });
}

/**
 * Not every answer is in. Payments asks the provider, and tells people when it stays silent; here it is only awaited.
 */
async function wait(room: OrderSeams, tx: RawSql, { due, at, refundId }: Asked): Promise<void> {
  await tx`
    UPDATE compensations SET refund_id = ${refundId}, next_at = ${next(room, due, at)},
      tries = least(tries, ${triesToWait})
    WHERE id = ${due.id} AND status = 'due' AND attempt = ${due.attempt}`;
}

/** What is left is asked for under a key of its own. */
async function askAnew(room: OrderSeams, tx: RawSql, { due, at, why }: Failed): Promise<void> {
  if (due.tries >= triesAtMost) return stick(tx, { due, at, trigger: 'given_up', why, refundId: null });
  await tx`
    UPDATE compensations SET attempt = attempt + 1, refund_id = NULL, next_at = ${next(room, due, at)}
    WHERE id = ${due.id} AND status = 'due' AND attempt = ${due.attempt}`;
}

async function tryLater(room: OrderSeams, tx: RawSql, { due, at, why }: Failed): Promise<void> {
  if (due.tries >= triesAtMost) return stick(tx, { due, at, trigger: 'given_up', why, refundId: null });
  await tx`
    UPDATE compensations SET next_at = ${next(room, due, at)}
    WHERE id = ${due.id} AND status = 'due' AND attempt = ${due.attempt}`;
}

function next({ random }: OrderSeams, { tries }: Due, at: Date): Date {
  return later(at, waitAfter(tries, random));
}

interface Failed {
  due: Due;
  at: Date;
  why: string;
}

interface Stuck extends Failed {
  trigger: 'refund_refused' | 'given_up';
  refundId: string | null;
}

/** The shopper has neither goods nor money: a person has to look. */
async function stick(tx: RawSql, { due, at, trigger, why, refundId }: Stuck): Promise<void> {
  const stuck = await tx`
    UPDATE compensations SET status = 'stuck', reason = ${why}, refund_id = ${refundId}
    WHERE id = ${due.id} AND status = 'due' AND attempt = ${due.attempt} RETURNING id`;
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
