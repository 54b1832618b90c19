import { ofDatabase, type Wrong } from './invariant.ts';
import { shown } from './shown.ts';

interface Row extends Wrong {
  payment: string;
  state: string | null;
  listed: string | null;
}

// Who has no consumer for a read model has no rows to compare.
const paymentRows = ofDatabase<Row>({
  id: 'I10d',
  says: 'The list of payments shows each payment once, and as it is.',
  rest: true,
  find: ({ sql, payments, quiet }) => sql<Row[]>`
    SELECT p.id AS payment, p.merchant_id AS merchant, p.state, r.state AS listed
    FROM ${payments}
    JOIN intents i ON i.id = p.intent_id
    LEFT JOIN payment_rows r ON r.id = p.id
    LEFT JOIN LATERAL (
      SELECT min(o.opened_at) AS since FROM operations o
      WHERE o.payment_id = p.id AND o.status IN ('open', 'challenged', 'pending')) waits ON true
    WHERE p.updated_at < ${quiet} AND EXISTS (SELECT FROM event_cursors WHERE consumer = 'payment rows')
      AND (r.merchant_id, r.intent_id, r.version, r.state, r.amount, r.captured, r.refunded, r.currency, r.card_brand,
        r.card_last4, r.card_exp_month, r.card_exp_year, r.provider, r.failure_code, r.reference, r.receipt_email,
        r.waiting_since, r.created_at)
      IS DISTINCT FROM (p.merchant_id, p.intent_id, p.version, p.state, p.amount, p.captured, p.refunded, p.currency,
        p.card_brand, p.card_last4, p.card_exp_month, p.card_exp_year, p.provider, p.failure_code, i.reference,
        i.receipt_email, waits.since, p.created_at)
    LIMIT 50`,
  tell({ payment, state, listed }) {
    const list = listed === null ? 'the list does not have it' : `its row in the list, ${listed}, is not the same`;
    return `${shown('payment', payment)} is ${state}, and ${list}.`;
  },
});

const listedIsThere = ofDatabase<Row>({
  id: 'I10e',
  says: 'The list of payments shows nothing that is not there.',
  rest: true,
  find: ({ sql }) => sql<Row[]>`
    SELECT r.id AS payment, r.merchant_id AS merchant, NULL AS state, r.state AS listed
    FROM payment_rows r LEFT JOIN payments p ON p.id = r.id WHERE p.id IS NULL LIMIT 50`,
  tell: ({ payment, listed }) =>
    `The list shows ${shown('payment', payment)} as ${listed}, and there is no such payment.`,
});

interface Hour extends Wrong {
  hour: string;
  provider: string;
  currency: string;
  kept: string;
  counted: string;
}

/** Milliseconds within which answers are counted; the last count is of those that took longer. */
const bounds = [100, 200, 300, 500, 750, 1_000, 1_500, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000];

// Only hours that are over: the others are counted on. Of a part of the payments there are no figures.
const hourlyFigures = ofDatabase<Hour>({
  id: 'I10f',
  says: 'The figures of each hour are what its events add up to.',
  rest: true,
  find: ({ sql, quiet, whole }) => sql<Hour[]>`
    WITH told AS (
      SELECT e.merchant_id, date_trunc('hour', e.at, 'UTC') AS hour, o.provider, o.currency,
        o.kind || ' ' || e.trigger AS what, e.amount,
        width_bucket((extract(epoch FROM e.at - o.opened_at) * 1000)::int - 1, ${bounds}::int[]) AS place
      FROM events e JOIN operations o ON o.id = e.operation_id
      WHERE e.trigger IN ('operation_opened', 'authorize', 'decline', 'operation_refused', 'operation_unanswered',
        'capture', 'refund_all', 'partial_refund')
    ), placed AS (
      SELECT merchant_id, hour, provider, currency, place,
        count(*) FILTER (WHERE what = 'authorize operation_opened') AS asked,
        count(*) FILTER (WHERE what = 'authorize authorize') AS approved,
        count(*) FILTER (WHERE what IN ('authorize decline', 'authorize operation_refused')) AS declined,
        count(*) FILTER (WHERE what = 'authorize operation_unanswered') AS unanswered,
        sum(amount) FILTER (WHERE what = 'authorize authorize') AS authorized,
        count(*) FILTER (WHERE what = 'capture capture') AS captures,
        sum(amount) FILTER (WHERE what = 'capture capture') AS captured,
        count(*) FILTER (WHERE what IN ('refund refund_all', 'refund partial_refund')) AS refunds,
        sum(amount) FILTER (WHERE what IN ('refund refund_all', 'refund partial_refund')) AS refunded,
        count(*) FILTER (WHERE what IN ('authorize authorize', 'authorize decline', 'authorize operation_refused'))
          AS answers
      FROM told
      WHERE what IN ('authorize operation_opened', 'authorize authorize', 'authorize decline',
        'authorize operation_refused', 'authorize operation_unanswered', 'capture capture', 'refund refund_all',
        'refund partial_refund')
      GROUP BY 1, 2, 3, 4, 5
    ), counted AS (
      SELECT merchant_id, hour, provider, currency, to_jsonb(ARRAY[sum(asked), sum(approved), sum(declined),
          sum(unanswered), coalesce(sum(authorized), 0), sum(captures), coalesce(sum(captured), 0), sum(refunds),
          coalesce(sum(refunded), 0)]) AS sums,
        jsonb_object_agg(place, answers) FILTER (WHERE answers > 0) AS answers
      FROM placed GROUP BY 1, 2, 3, 4
    ), kept AS (
      SELECT merchant_id, hour, provider, currency, to_jsonb(ARRAY[asked, approved, declined, unanswered, authorized,
          captures, captured, refunds, refunded]) AS sums,
        (SELECT jsonb_object_agg(place - 1, n) FROM unnest(answers_within) WITH ORDINALITY AS a (n, place) WHERE n > 0)
          AS answers
      FROM hourly_figures
    )
    SELECT NULL AS payment, coalesce(k.merchant_id, c.merchant_id) AS merchant,
      coalesce(k.provider, c.provider) AS provider,
      to_char(coalesce(k.hour, c.hour) AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS hour,
      coalesce(k.currency, c.currency) AS currency,
      coalesce(k.sums || jsonb_build_array(k.answers), '[]')::text AS kept,
      coalesce(c.sums || jsonb_build_array(c.answers), '[]')::text AS counted
    FROM kept k FULL JOIN counted c USING (merchant_id, hour, provider, currency)
    WHERE ${whole} AND EXISTS (SELECT FROM event_cursors WHERE consumer = 'hourly figures')
      AND coalesce(k.hour, c.hour) + interval '1 hour' <= ${quiet}
      AND (k.sums, k.answers) IS DISTINCT FROM (c.sums, c.answers)
    LIMIT 50`,
  tell: ({ hour, provider, currency, kept, counted }) =>
    `The hour from ${hour} UTC at ${provider} in ${currency} is kept as ${kept}, and its events come to ${counted}.`,
});

export const readModels = [paymentRows, listedIsThere, hourlyFigures];
