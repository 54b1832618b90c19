import type { RawSql } from '#db/client.ts';
import type { LoggedEvent } from '../consumer.ts';

/** So many times an event is tried before a person has to look. */
export const triesAtMost = 5;

/** Milliseconds until an event that failed so many times is tried again: 1, 3, 9 and 27 seconds. */
const pauseAfter = (tries: number) => 1_000 * 3 ** (tries - 1);

/** A parked event whose turn it is. */
export interface Due {
  payment_id: string;
  seq: number;
  tries: number;
}

/** Which of these payments have an event parked: their later events have to wait behind it. */
export async function parkedPayments(
  tx: RawSql,
  consumer: string,
  events: readonly LoggedEvent[],
): Promise<Set<string>> {
  const payments = [...new Set(events.map(({ paymentId }) => paymentId))];
  const rows = await tx<{ payment_id: string }[]>`
    SELECT DISTINCT payment_id FROM parked_events WHERE consumer = ${consumer} AND payment_id = ANY(${payments}::uuid[])`;
  return new Set(rows.map(({ payment_id }) => payment_id));
}

/** Parks events behind what is parked of their payments already. */
export async function parkBehind(
  tx: RawSql,
  consumer: string,
  events: readonly LoggedEvent[],
  now: Date,
): Promise<void> {
  if (events.length === 0) return;
  const rows = events.map(({ paymentId, seq, id, merchantId }) => ({
    consumer,
    payment_id: paymentId,
    seq,
    event_id: id,
    merchant_id: merchantId,
    status: 'behind',
    tries: 0,
    parked_at: now,
  }));
  await tx`INSERT INTO parked_events ${tx(rows)}`;
}

/** Parks an event whose effect has failed once. */
export async function parkFailing(
  tx: RawSql,
  consumer: string,
  failed: { event: LoggedEvent; error: string },
  now: Date,
) {
  const { paymentId, seq, id, merchantId } = failed.event;
  await tx`
    INSERT INTO parked_events (consumer, payment_id, seq, event_id, merchant_id, status, tries, try_again_at, error, parked_at)
    VALUES (${consumer}, ${paymentId}, ${seq}, ${id}, ${merchantId}, 'trying', 1, ${againAt(1, now)}, ${failed.error}, ${now})`;
}

/** Those to be tried now, who waited longest first. */
export function dueEvents(sql: RawSql, consumer: string, { now, limit }: { now: Date; limit: number }) {
  return sql<Due[]>`
    SELECT payment_id, seq, tries FROM parked_events
    WHERE consumer = ${consumer} AND status = 'trying' AND try_again_at <= ${now}
    ORDER BY try_again_at, payment_id LIMIT ${limit}`;
}

/** What of this payment is to be tried now, if anything still is. */
export async function dueOf(sql: RawSql, consumer: string, paymentId: string, now: Date): Promise<Due | undefined> {
  const [due] = await sql<Due[]>`
    SELECT payment_id, seq, tries FROM parked_events
    WHERE consumer = ${consumer} AND payment_id = ${paymentId} AND status = 'trying' AND try_again_at <= ${now}`;
  return due;
}

/** Takes the event out, and lets the next one of its payment have its turn. */
export async function unpark(tx: RawSql, consumer: string, { payment_id, seq }: Due, now: Date): Promise<void> {
  await tx`DELETE FROM parked_events WHERE consumer = ${consumer} AND payment_id = ${payment_id} AND seq = ${seq}`;
  await tx`
    UPDATE parked_events SET status = 'trying', try_again_at = ${now}
    WHERE consumer = ${consumer} AND payment_id = ${payment_id} AND status = 'behind' AND seq = (
      SELECT min(seq) FROM parked_events WHERE consumer = ${consumer} AND payment_id = ${payment_id})`;
}

/**
 * Notes that it failed once more; after so many times it is left to a person.
 *
 * @returns Whether it was given up on.
 */
export async function failAgain(
  tx: RawSql,
  consumer: string,
  { payment_id, seq, tries: before }: Due,
  { error, now }: { error: string; now: Date },
): Promise<boolean> {
  const tries = before + 1;
  const over = tries >= triesAtMost;
  const noted = await tx`
    UPDATE parked_events SET tries = ${tries}, error = ${error}, status = ${over ? 'failed' : 'trying'},
      try_again_at = ${over ? null : againAt(tries, now)}
    WHERE consumer = ${consumer} AND payment_id = ${payment_id} AND seq = ${seq} AND status = 'trying'
      AND tries = ${before}
    RETURNING seq`;
  return over && noted.length > 0;
}

/** Has the first parked event of this one's payment tried now. @returns Whether there is such an event. */
export async function tryNow(tx: RawSql, consumer: string, asked: { eventId: string; merchantId: string }, now: Date) {
  const found = await tx`
    UPDATE parked_events first SET status = 'trying', try_again_at = ${now}
    FROM parked_events asked
    WHERE asked.consumer = ${consumer} AND asked.event_id = ${asked.eventId} AND asked.merchant_id = ${asked.merchantId}
      AND first.consumer = asked.consumer AND first.payment_id = asked.payment_id
      AND first.status IN ('trying', 'failed')
    RETURNING first.seq`;
  return found.length > 0;
}

function againAt(tries: number, now: Date): Date {
  return new Date(now.getTime() + pauseAfter(tries));
}
