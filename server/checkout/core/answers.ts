import type { RawSql } from '#db/client.ts';
import { isOfOneRow } from '#db/row-errors.ts';
import type { TransactOptions } from '#db/transaction.ts';
import { ofQuestions, together } from '#server/kernel/lane.ts';
import type { Dispatch, Silent } from '../warehouse.ts';
import { later, triesAtMost, waitAfter } from './backoff.ts';
import { looksFew } from './few.ts';
import { refundedBefore } from './order-compensated.ts';
import { isReturned } from './order-money.ts';
import { type OrderSeams, saga } from './order-room.ts';
import { loggedSteps, movedOrders, type Step, stepOrder, type Walk } from './order-step.ts';

/** A fulfilment whose turn it is. */
export interface Due {
  id: string;
  orderId: string;
  merchantId: string;
  paymentId: string;
  tries: number;
  /** `due`: nobody was asked before. */
  was: 'due' | 'asked';
}

/** What has come of one run: the warehouse's word, or why it was not asked to send anything. */
export type Said = Dispatch | Silent | { kind: 'refunding' } | { kind: 'returned' };

/**
 * Writes what was answered. A definite answer is true whoever brings it; of silence only the last to ask may speak.
 * What nearly all say, and say at once, shares a commit.
 */
export function makeAnswers(room: OrderSeams): (due: Due, said: Said) => Promise<void> {
  const write = <T>(work: (tx: RawSql, at: Date) => Promise<T>, options?: TransactOptions) => {
    const at = room.clock.now();
    return room.transact('checkout.fulfil-answer', (tx) => work(tx, at), options);
  };
  const seams = { ...ofQuestions, clock: room.clock, patience: 0, isOfOne: isOfOneRow };
  const shipped = together(seams, async (dues: readonly Due[]) => {
    // A run whose lease had ended and the next one may be answered at once: the same of an order is written once.
    const each = [...new Map(dues.map((due) => [due.orderId, due])).values()];
    const closed = await write((tx, at) => closeShipped(tx, each, at), { writesOnce: true });
    return dues.map(({ id }) => closed.has(id));
  });
  return async (due, said) => {
    if (said.kind === 'shipped' && (await shipped(due))) return;
    await write((tx, at) => answer(room, tx, { due, said, at }));
  };
}

/**
 * Those that somebody else holds, or has closed, are left out: who waits for one row while it holds others may be
 * waited for in turn.
 */
async function closeShipped(tx: RawSql, dues: readonly Due[], at: Date): Promise<Set<string>> {
  const rows = dues.map(({ id }, n) => ({ n, id }));
  const walks = dues.map((due): Walk => ({ orderId: due.orderId, steps: [stepOf(due, { trigger: 'ship', at })] }));
  const closed = await tx<{ id: string }[]>`
    WITH locked AS MATERIALIZED (
      SELECT i.n, f.id FROM json_to_recordset(${JSON.stringify(rows)}::text::json) AS i (n int, id uuid)
      CROSS JOIN LATERAL (
        SELECT id FROM fulfilments WHERE id = i.id AND status IN ('asked', 'stuck') FOR NO KEY UPDATE SKIP LOCKED) f),
    closed AS (
      UPDATE fulfilments f SET status = 'shipped', closed_at = ${at}, reason = NULL
      FROM (SELECT * FROM locked WHERE ${looksFew(tx)}) l WHERE f.id = l.id
      RETURNING f.id, f.order_id),
    ${movedOrders(tx, walks, tx`r.id IN (SELECT order_id FROM closed)`)}, logged AS (${loggedSteps(tx)})
    SELECT id FROM closed`;
  return new Set(closed.map(({ id }) => id));
}

interface Answered {
  due: Due;
  said: Said;
  at: Date;
}

async function answer(room: OrderSeams, tx: RawSql, { due, said, at }: Answered): Promise<void> {
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

async function step(tx: RawSql, due: Due, taken: Taken): Promise<void> {
  await stepOrder(tx, due, stepOf(due, taken));
}

/** A step of a fulfilment's order. */
export function stepOf({ id }: Pick<Due, 'id'>, taken: Taken): Step {
  const because = { cause: 'fulfilment', actor: { kind: 'workload', id: saga } };
  return { from: 'fulfilling', fulfilmentId: id, ...because, ...taken };
}
