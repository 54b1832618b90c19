import type { Sql } from './evidence.ts';
import type { Breach } from './invariant.ts';
import { money, shown } from './shown.ts';
import { birth, legalSteps } from './table.ts';

/** How far the log was checked: a transaction id of PostgreSQL; everything before it was complete by then. */
export type Mark = string;

/** Before the first event. */
export const unmarked: Mark = '0';

interface Stepped {
  /** Before the first row, so that it is there when nothing is wrong. */
  mark: string;
  wrong: Wrong[] | null;
}

interface Wrong {
  payment: string;
  merchant: string;
  seq: number;
  from: string | null;
  trigger: string;
  to: string;
  led: string | null;
  last: number | null;
  state: string | null;
  version: number | null;
  currency: string;
  authorized: string;
  captured: string;
  refunded: string;
  reserved: string;
  isLegal: boolean;
  follows: boolean;
  isEnd: boolean;
  isCapped: boolean;
}

/**
 * The cheap look after a commit, one query over the events since the mark: each is a legal step from where the one
 * before it led, its payment stands where its log ends, and no more is captured or refunded than there is.
 *
 * @returns What is wrong, and the mark for the next look. Transactions that were under way are looked at again.
 */
export async function stepCheck(sql: Sql, since: Mark): Promise<{ breaches: Breach[]; mark: Mark }> {
  const [row] = await sql<Stepped[]>`
    WITH fresh AS (
      SELECT e.payment_id, e.merchant_id, e.seq, e.from_state, e.trigger, e.to_state FROM events e
      WHERE e.epoch = log_epoch() AND e.tx >= ${since}::text::xid8
    ), looked AS (
      SELECT f.payment_id AS payment, f.merchant_id AS merchant, f.seq, f.from_state AS from, f.trigger,
        f.to_state AS to, before.to_state AS led, last.seq AS last, p.state, p.version, p.currency,
        p.authorized::text, p.captured::text, p.refunded::text, p.refund_reserved::text AS reserved,
        CASE WHEN f.from_state IS NULL THEN f.seq = 1 AND f.trigger || ' ' || f.to_state = ${birth}
          ELSE f.seq > 1 AND f.from_state || ' ' || f.trigger || ' ' || f.to_state = ANY (${legalSteps}::text[])
          END AS "isLegal",
        f.seq = 1 AND before.seq IS NULL OR before.to_state IS NOT DISTINCT FROM f.from_state AS follows,
        (p.version, p.state) IS NOT DISTINCT FROM (last.seq, last.to_state) AS "isEnd",
        coalesce(p.captured <= p.authorized AND p.authorized <= p.amount
          AND p.refunded + p.refund_reserved <= p.captured AND p.refund_reserved >= 0, false) AS "isCapped"
      FROM fresh f
      LEFT JOIN payments p ON p.id = f.payment_id
      LEFT JOIN events before ON before.payment_id = f.payment_id AND before.seq = f.seq - 1
      LEFT JOIN LATERAL (
        SELECT seq, to_state FROM events WHERE payment_id = f.payment_id ORDER BY seq DESC LIMIT 1) last ON true
    )
    SELECT pg_snapshot_xmin(pg_current_snapshot())::text AS mark,
      (SELECT json_agg(l) FROM (
        SELECT * FROM looked WHERE NOT ("isLegal" AND follows AND "isEnd" AND "isCapped") LIMIT 50) l) AS wrong`;
  return { breaches: (row?.wrong ?? []).flatMap(breachesOf), mark: row?.mark ?? since };
}

function breachesOf(wrong: Wrong): Breach[] {
  const { payment, merchant, seq, from, trigger, to, led, state, version, last, currency } = wrong;
  const name = shown('payment', payment);
  const found = (invariant: string, says: string): Breach => ({ invariant, payment, merchant, says });
  const capped =
    `${name} has ${money(wrong.authorized, currency)} authorised, ${money(wrong.captured, currency)} captured, ` +
    `${money(wrong.refunded, currency)} refunded and ${money(wrong.reserved, currency)} reserved.`;
  const ends = `${name} is ${state} at version ${version}; its log ends at ${last}, and event ${seq} led to ${to}.`;
  return [
    ...(wrong.isLegal ? [] : [found('I4a', `Event ${seq} of ${name} says '${trigger}' from ${from} to ${to}.`)]),
    ...(wrong.follows
      ? []
      : [found('I4b', `Event ${seq} of ${name} begins in ${from}; the one before led to ${led}.`)]),
    ...(wrong.isEnd ? [] : [found('I4c', ends)]),
    ...(wrong.isCapped ? [] : [found('I2a', capped)]),
  ];
}
