import type { Fragment, Sql } from './evidence.ts';
import { ofDatabase, type Wrong } from './invariant.ts';
import { money, shown } from './shown.ts';

interface Folded extends Wrong {
  payment: string;
  currency: string;
  what: string;
  column: string;
  log: string;
}

/** Amounts of a payment beside what its log adds up to, in the order of the log. */
const amounts = ofDatabase<Folded>({
  id: 'I5a',
  says: 'What a payment has authorised, captured, refunded and charged back is what its log adds up to.',
  rest: false,
  find: ({ sql, payments, events }) => sql<Folded[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.currency, pair.what, pair.own::text AS column, pair.log::text
    FROM ${payments}
    JOIN (
      SELECT e.payment_id,
        sum(e.amount) FILTER (WHERE e.trigger = 'create') AS amount,
        sum(e.amount) FILTER (WHERE e.trigger = 'authorize') AS authorized,
        sum(e.amount) FILTER (WHERE e.trigger = 'capture') AS captured,
        sum(CASE WHEN e.trigger IN ('partial_refund', 'refund_all') THEN e.amount ELSE -e.amount END) FILTER (
          WHERE e.trigger IN ('partial_refund', 'refund_all', 'refund_undone', 'undo_refund', 'undo_settled_refund')
        ) AS refunded,
        sum(e.amount) FILTER (WHERE e.trigger = 'chargeback') AS charged_back
      FROM ${events} GROUP BY e.payment_id
    ) l ON l.payment_id = p.id
    CROSS JOIN LATERAL (VALUES
      ('asked for', p.amount, coalesce(l.amount, 0)),
      ('authorised', p.authorized, coalesce(l.authorized, 0)),
      ('captured', p.captured, coalesce(l.captured, 0)),
      ('refunded', p.refunded, coalesce(l.refunded, 0)),
      ('charged back', p.charged_back, least(coalesce(l.charged_back, 0), p.captured))
    ) AS pair (what, own, log)
    WHERE pair.own <> pair.log
    LIMIT 50`,
  tell: ({ payment, currency, what, column, log }) =>
    `${shown('payment', payment)} has ${money(column, currency)} ${what}, and its log adds up to ${money(log, currency)}.`,
});

/**
 * Each event's part in what is stray: told late or by nobody of ours, or charged back beyond the capture; less what was
 * given back or settled by two people. It never falls below nothing, hence the least of its sums is taken off.
 */
const strayParts = (sql: Sql, events: Fragment) => sql`
  SELECT e.payment_id, e.seq, CASE
      WHEN e.trigger IN ('late_effect', 'foreign_effect') THEN e.amount
      WHEN e.trigger = 'stray_returned' THEN -e.amount
      WHEN e.trigger = 'escalation_closed' AND c.kind = 'stray' AND e.data->>'how' = 'confirmed' THEN -e.amount
      WHEN e.trigger = 'chargeback' THEN greatest(e.charged - p.captured, 0) - greatest(e.charged - e.amount - p.captured, 0)
      ELSE 0 END AS part
  FROM (
    SELECT e.*, sum(e.amount) FILTER (WHERE e.trigger = 'chargeback') OVER (PARTITION BY e.payment_id ORDER BY e.seq)
      AS charged
    FROM ${events}
    WHERE e.trigger IN ('late_effect', 'foreign_effect', 'stray_returned', 'escalation_closed', 'chargeback')
  ) e
  JOIN payments p ON p.id = e.payment_id
  LEFT JOIN escalations c ON c.id::text = e.data->>'escalation'`;

const stray = ofDatabase<Folded>({
  id: 'I5b',
  says: 'What a payment has as stray is what its log says came unasked and was not given back or settled since.',
  rest: false,
  find: ({ sql, payments, events }) => sql<Folded[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.currency, 'stray' AS what, p.stray::text AS column,
      coalesce(l.stray, 0)::text AS log
    FROM ${payments}
    LEFT JOIN (
      SELECT DISTINCT ON (payment_id) payment_id, so_far - least(min(so_far) OVER path, 0) AS stray
      FROM (
        SELECT payment_id, seq, sum(part) OVER (PARTITION BY payment_id ORDER BY seq) AS so_far
        FROM (${strayParts(sql, events)}) parts) sums
      WINDOW path AS (PARTITION BY payment_id ORDER BY seq)
      ORDER BY payment_id, seq DESC
    ) l ON l.payment_id = p.id
    WHERE p.stray <> coalesce(l.stray, 0)
    LIMIT 50`,
  tell: ({ payment, currency, column, log }) =>
    `${shown('payment', payment)} has ${money(column, currency)} stray, and its log adds up to ${money(log, currency)}.`,
});

export const folded = [amounts, stray];
