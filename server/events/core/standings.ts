import type { RawSql } from '#db/client.ts';
import type { Consumer, ConsumerStanding, ParkedEvent } from '../consumer.ts';
import { beginning, columns, type EventColumns, inOrder, placed } from '../read.ts';

const countedAtMost = 10_000;
const shownAtMost = 100;

/** How far each of these consumers is, in the order of the list. */
export async function standings(
  sql: RawSql,
  consumers: readonly Pick<Consumer, 'name'>[],
  now: Date,
): Promise<ConsumerStanding[]> {
  const names = consumers.map(({ name }) => name);
  const { epoch, tx, paymentId, seq } = beginning;
  const rows = await sql<StandingRow[]>`
    SELECT c.name, left_over.n AS behind, first.at AS oldest,
      (SELECT count(*)::int FROM parked_events p WHERE p.consumer = c.name) AS parked
    FROM unnest(${names}::text[]) WITH ORDINALITY AS c (name, place)
    LEFT JOIN event_cursors k ON k.consumer = c.name
    CROSS JOIN LATERAL (SELECT coalesce(k.epoch, ${epoch}) AS epoch, coalesce(k.tx, ${tx}::text::xid8) AS tx,
      coalesce(k.payment_id, ${paymentId}) AS payment_id, coalesce(k.seq, ${seq}) AS seq) AS at
    CROSS JOIN LATERAL (SELECT count(*)::int AS n FROM (
      SELECT 1 FROM events e WHERE (e.epoch, e.tx, e.payment_id, e.seq) > (at.epoch, at.tx, at.payment_id, at.seq)
      ORDER BY ${inOrder(sql)} LIMIT ${countedAtMost}) AS unseen) AS left_over
    LEFT JOIN LATERAL (
      SELECT e.at FROM events e WHERE (e.epoch, e.tx, e.payment_id, e.seq) > (at.epoch, at.tx, at.payment_id, at.seq)
      ORDER BY ${inOrder(sql)} LIMIT 1) AS first ON true
    ORDER BY c.place`;
  return rows.map(({ name, behind, oldest, parked }) => ({
    name,
    behind,
    lag: oldest ? Math.max(now.getTime() - oldest.getTime(), 0) : 0,
    parked,
  }));
}

interface StandingRow {
  name: string;
  behind: number;
  oldest: Date | null;
  parked: number;
}

/** A merchant's parked events, newest first. */
export async function parkedOf(sql: RawSql, merchantId: string): Promise<ParkedEvent[]> {
  const rows = await sql<ParkedRow[]>`
    SELECT ${parkedColumns(sql)}, ${columns(sql)}
    FROM parked_events p JOIN events e ON e.payment_id = p.payment_id AND e.seq = p.seq
    WHERE p.merchant_id = ${merchantId} ORDER BY p.parked_at DESC, p.payment_id, p.seq LIMIT ${shownAtMost}`;
  return rows.map(parkedEvent);
}

/** Everybody's events that were given up on, oldest first. */
export async function givenUp(sql: RawSql, limit: number): Promise<ParkedEvent[]> {
  const rows = await sql<ParkedRow[]>`
    SELECT ${parkedColumns(sql)}, ${columns(sql)}
    FROM parked_events p JOIN events e ON e.payment_id = p.payment_id AND e.seq = p.seq
    WHERE p.status = 'failed' ORDER BY p.parked_at, p.payment_id LIMIT ${limit}`;
  return rows.map(parkedEvent);
}

const parkedColumns = (sql: RawSql) => sql`p.consumer, p.status, p.tries, p.error, p.try_again_at, p.parked_at`;

interface ParkedRow extends EventColumns {
  consumer: string;
  status: ParkedEvent['why'];
  tries: number;
  error: string | null;
  try_again_at: Date | null;
  parked_at: Date;
}

function parkedEvent(row: ParkedRow): ParkedEvent {
  const { consumer, status, tries, error } = row;
  const { event } = placed(row);
  return { consumer, event, why: status, tries, error, tryAgainAt: row.try_again_at, parkedAt: row.parked_at };
}
