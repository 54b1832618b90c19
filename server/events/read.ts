import type { RawSql } from '#db/client.ts';
import type { EventRow } from './append.ts';
import type { LoggedEvent } from './consumer.ts';

/** A place in the log. Places are in order by transaction, then by payment, then by the payment's own order. */
export interface Place {
  /** Of which run of transaction ids `tx` is. A restore begins another. */
  epoch: number;
  tx: string;
  paymentId: string;
  seq: number;
}

export interface PlacedEvent {
  place: Place;
  event: LoggedEvent;
}

/** More than any payment has. */
const entriesAtMost = 5_000;

/** Before the first event. */
export const beginning: Place = { epoch: 0, tx: '0', paymentId: '00000000-0000-0000-0000-000000000000', seq: 0 };

/** An event as a reader of the log comes by it. */
export interface ReadEvent extends PlacedEvent {
  /** Counts events from the reader's place on, those that it passed over included. */
  nth: number;
}

export interface Wanted {
  limit: number;
  /** Passes over what is not one of these; the last event in sight is read all the same, since it is a place. */
  triggers?: readonly string[] | undefined;
}

/** So many times as many as it reads are in sight of a reader that passes some over. */
const sight = 8;

/**
 * At most `limit` events after a place, in the order of the log.
 *
 * A transaction's number is given when it begins to write, and is seen when it commits; in between, later numbers may
 * be seen already. So nothing is read from the oldest transaction under way onwards: what is before that is complete,
 * and a reader that has passed a place has missed nothing before it.
 */
export async function readLog(sql: RawSql, after: Place, { limit, triggers }: Wanted): Promise<ReadEvent[]> {
  const next = (count: number) => sql`
    SELECT ${columns(sql)} FROM events e WHERE ${isAfter(sql, after)} AND ${isSettled(sql)}
    ORDER BY ${inOrder(sql)} LIMIT ${count}`;
  if (!triggers) return (await sql<EventColumns[]>`${next(limit)}`).map((row, n) => ({ ...placed(row), nth: n + 1 }));
  const rows = await sql<(EventColumns & { nth: number })[]>`
    SELECT ${columns(sql)}, e.nth FROM (
      SELECT *, (row_number() OVER log)::int AS nth, lead(e.seq) OVER log IS NULL AS is_last
      FROM (${next(limit * sight)}) e WINDOW log AS (ORDER BY ${inOrder(sql)})) e
    WHERE e.trigger = ANY(${[...triggers]}::text[]) OR e.is_last
    ORDER BY e.nth LIMIT ${limit}`;
  return rows.map((row) => ({ ...placed(row), nth: row.nth }));
}

/** Whether `readLog` would find anything. */
export async function hasNews(sql: RawSql, after: Place): Promise<boolean> {
  // Asked for in order, or a plan for any place would expect to find something soon and read the whole table.
  const found = await sql`
    SELECT 1 FROM events e WHERE ${isAfter(sql, after)} AND ${isSettled(sql)} ORDER BY ${inOrder(sql)} LIMIT 1`;
  return found.length > 0;
}

/** One event, by its place among those of its payment. */
export async function readEvent(sql: RawSql, paymentId: string, seq: number): Promise<LoggedEvent | undefined> {
  const [row] = await sql<EventColumns[]>`
    SELECT ${columns(sql)} FROM events e WHERE e.payment_id = ${paymentId} AND e.seq = ${seq}`;
  return row && placed(row).event;
}

/**
 * Where in the logs of these payments these things happened: by payment, each payment's in their order. In the
 * transaction of a consumer it tells also of what comes later than the consumer's place.
 */
export async function eventsOf(
  sql: RawSql,
  paymentIds: readonly string[],
  triggers: readonly string[],
): Promise<Map<string, Happened[]>> {
  const rows = await sql<Happened[]>`
    SELECT e.payment_id AS "paymentId", e.seq, e.merchant_id AS "merchantId", e.trigger, e.at
    FROM unnest(${[...paymentIds]}::uuid[]) AS p (id) CROSS JOIN LATERAL (
      SELECT payment_id, seq, merchant_id, trigger, at FROM events
      WHERE payment_id = p.id AND trigger = ANY(${[...triggers]}::text[]) ORDER BY seq LIMIT ${entriesAtMost}) e
    ORDER BY e.payment_id, e.seq`;
  return Map.groupBy(rows, ({ paymentId }) => paymentId);
}

export type Happened = Pick<LoggedEvent, 'paymentId' | 'seq' | 'merchantId' | 'trigger' | 'at'>;

/**
 * Milliseconds since the oldest event that is committed and may not be read yet, 0 when there is none. More than a
 * moment means that a write transaction somewhere on the server is never ended, or that the log was restored without
 * its epoch having been raised (`db/log-epoch.ts`).
 */
export async function logStall(sql: RawSql, now: Date): Promise<number> {
  const [held] = await sql<{ at: Date }[]>`
    SELECT e.at FROM events e WHERE e.epoch = log_epoch() AND e.tx >= pg_snapshot_xmin(pg_current_snapshot())
    ORDER BY e.epoch, e.tx LIMIT 1`;
  return held ? Math.max(now.getTime() - held.at.getTime(), 0) : 0;
}

export const columns = (sql: RawSql) => sql`e.epoch, e.tx, e.payment_id, e.seq, e.id, e.merchant_id, e.from_state,
  e.trigger, e.to_state, e.cause, e.actor_kind, e.actor_id, e.operation_id, e.amount, e.data, e.at`;

export const inOrder = (sql: RawSql) => sql`e.epoch, e.tx, e.payment_id, e.seq`;

const isAfter = (sql: RawSql, { epoch, tx, paymentId, seq }: Place) =>
  sql`(e.epoch, e.tx, e.payment_id, e.seq) > (${epoch}, ${tx}::text::xid8, ${paymentId}::uuid, ${seq}::int)`;

const isSettled = (sql: RawSql) => sql`(e.epoch < log_epoch() OR e.tx < pg_snapshot_xmin(pg_current_snapshot()))`;

/** An event's row as it is read: as it was handed over, with its place in the log. */
export interface EventColumns extends Omit<EventRow, 'n'> {
  epoch: number;
  tx: string;
}

export function placed(row: EventColumns): PlacedEvent {
  const { epoch, tx, payment_id: paymentId, seq } = row;
  return {
    place: { epoch, tx, paymentId, seq },
    event: {
      id: row.id,
      paymentId,
      seq,
      merchantId: row.merchant_id,
      from: row.from_state,
      trigger: row.trigger,
      to: row.to_state,
      cause: row.cause,
      actor: { kind: row.actor_kind, id: row.actor_id },
      operationId: row.operation_id,
      amount: row.amount,
      data: row.data,
      at: row.at,
    },
  };
}
