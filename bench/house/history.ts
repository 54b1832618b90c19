import { statfsSync } from 'node:fs';
import { openSql, type RawSql } from '#db/client.ts';
import { writeTexts } from '#server/payments/rows.ts';
import type { Bench } from '../case.ts';
import type { Cluster } from './cluster.ts';
import type { CaseDatabase } from './databases.ts';
import type { Merchant } from './merchants.ts';

/** Payments of the past: 93 of 100 captured, the others declined; the first merchant has three in ten. */
export interface History {
  /** Adds payments until there are so many; those that are there already count. */
  growTo(count: number): Promise<void>;
  /** How many there can be on this disk. */
  most(): number;
}

interface HistorySeams {
  bench: Pick<Bench, 'say'> & { cluster: Pick<Cluster, 'folder'> };
  database: CaseDatabase;
  merchants: readonly Merchant[];
}

/** Payments in one statement. */
const chunk = 20_000;
/** Bytes on the disk for each, indexes and read models included; measured, and rounded up. */
const bytesEach = 8_700;
/** Left for the log that is written ahead, and for everybody else. */
const bytesLeft = 20 * 2 ** 30;

/**
 * Fills the tables by statements of many rows, past every constraint and trigger that Florin's own writes pass: each
 * payment has its whole log, its operations, verdict and postings, its row in the list and its part in the hours.
 */
export function makeHistory({ bench, database, merchants }: HistorySeams): History {
  let made = 0;
  const most = () => made + Math.max(0, Math.floor((freeBytes(bench) - bytesLeft) / bytesEach));
  return {
    most,
    async growTo(count) {
      const wanted = count - made;
      if (wanted <= 0) return;
      requireSpace(bench, { wanted, most: most() - made });
      const settings = { statement_timeout: 0, synchronous_commit: 'off' };
      const sql = openSql(database.url('owner'), { application: 'bench history', max: 2, settings });
      try {
        const began = performance.now();
        const middle = made + Math.ceil(wanted / 2);
        let done = 0;
        const fill = async (first: number, last: number) => {
          for (let from = first; from < last; from += chunk) {
            const to = Math.min(from + chunk, last);
            await write(sql, merchants, { from, to });
            done += to - from;
            if (done % 500_000 < chunk) bench.say(`${(made + done).toLocaleString('en-US')} payments of the past`);
          }
        };
        // Far apart: neighbours would wait for each other where they add to the same hour.
        await Promise.all([fill(made, middle), fill(middle, count)]);
        made = count;
        await sql`VACUUM (ANALYZE)`;
        bench.say(`filled in ${((performance.now() - began) / 1000).toFixed(0)} s`);
      } finally {
        await sql.end({ timeout: 5 });
      }
    },
  };
}

function freeBytes({ cluster }: HistorySeams['bench']): number {
  const { bavail, bsize } = statfsSync(cluster.folder);
  return bavail * bsize;
}

function requireSpace({ cluster }: HistorySeams['bench'], { wanted, most }: { wanted: number; most: number }): void {
  if (wanted <= most) return;
  const needed = Math.ceil((wanted * bytesEach + bytesLeft) / 2 ** 30);
  throw new Error(
    `${wanted} payments need ${needed} GiB on the disk of ${cluster.folder}, which has room for ${most}.`,
  );
}

/** Payments are spread over the 400 days before today, the oldest first, so that ids grow as they do in production. */
async function write(sql: RawSql, merchants: readonly Merchant[], { from, to }: { from: number; to: number }) {
  const own = merchants.map(({ id }) => id);
  const written = await sql<{ payment: string }[]>`
    WITH numbered AS MATERIALIZED (
      SELECT i, (hashint4(i) & 2147483647) AS luck,
        date_trunc('milliseconds', ${new Date()}::timestamptz - interval '400 days' * (1 - i / 20e6)) AS at
      FROM generate_series(${from}::int, ${to - 1}::int) AS i),
    life AS MATERIALIZED (
      SELECT i, luck, at, luck % 100 < 93 AS paid, ${own}::uuid[] AS own,
        (${own}::uuid[])[CASE WHEN luck % 10 < 3 THEN 1 ELSE 1 + luck / 10 % ${own.length}::int END] AS merchant,
        uuidv7(at - clock_timestamp()) AS intent, uuidv7(at - clock_timestamp()) AS payment,
        uuidv7(at - clock_timestamp()) AS authorize, uuidv7(at - clock_timestamp()) AS capture,
        uuidv7(at - clock_timestamp()) AS verdict,
        (100 + luck / 7 % 49900)::bigint AS amount,
        (ARRAY['EUR', 'EUR', 'EUR', 'EUR', 'USD', 'GBP'])[1 + luck / 11 % 6] AS currency,
        (ARRAY['alder', 'alder', 'birch'])[1 + luck / 13 % 3] AS provider,
        'HG-' || lpad(i::text, 9, '0') AS reference, 'shopper' || (luck % 500000) || '@example.com' AS email,
        lpad((luck / 17 % 10000)::text, 4, '0') AS last4, substr(md5((luck % 500000)::text), 1, 22) AS fingerprint
      FROM numbered),
    ${rowsOfMoney(sql)},
    ${readModels(sql)}
    SELECT payment FROM life`;
  await writeTexts(
    sql,
    written.map(({ payment }) => payment),
  );
}

const rowsOfMoney = (sql: RawSql) => sql`
    t AS (
      INSERT INTO intents (id, merchant_id, amount, currency, capture_method, reference, receipt_email, metadata,
        attempts, created_at)
      SELECT intent, merchant, amount, currency, 'automatic', reference, email, '{}', 1, at FROM life),
    p AS (
      INSERT INTO payments (id, merchant_id, intent_id, attempt, state, live, version, currency, amount, authorized,
        captured, refunded, refund_reserved, charged_back, stray, provider, token, card_brand, card_last4,
        card_exp_month, card_exp_year, fingerprint, verdict_id, failure_code, untried, created_at, updated_at)
      SELECT payment, merchant, intent, 1, CASE WHEN paid THEN 'captured' ELSE 'failed' END, paid,
        CASE WHEN paid THEN 8 ELSE 6 END, currency, amount, CASE WHEN paid THEN amount ELSE 0 END,
        CASE WHEN paid THEN amount ELSE 0 END, 0, 0, 0, 0, provider, 'pm_' || md5(i::text), 'visa', last4, 12, 2031,
        fingerprint, verdict, CASE WHEN NOT paid THEN 'insufficient_funds' END, '[]', at, at FROM life),
    v AS (
      INSERT INTO risk_verdicts (id, merchant_id, payment_id, decision, score, reasons, fingerprint, amount,
        currency, at)
      SELECT verdict, merchant, payment, 'approve', 0, '[]', fingerprint, amount, currency, at FROM life),
    o AS (
      INSERT INTO operations (id, payment_id, merchant_id, kind, status, provider, amount, currency, request, step,
        sends, sent_at, send_before, asked_at, inquiries, ask_at, opened_at, closed_at, provider_ref, fee, code,
        is_foreign)
      SELECT k.id, payment, merchant, k.kind, CASE WHEN paid THEN 'accepted' ELSE 'refused' END, provider, amount,
        currency, '{"method":"POST","path":"/"}', 1, 1, at, at, at, 0, at, at, at,
        CASE WHEN paid THEN k.kind || '_' || k.id END, CASE WHEN k.kind = 'capture' THEN 43 END,
        CASE WHEN NOT paid THEN 'insufficient_funds' END, false
      FROM life, LATERAL (VALUES (authorize, 'authorize'), (capture, 'capture')) AS k (id, kind)
      WHERE paid OR k.kind = 'authorize'),
    e AS (
      INSERT INTO events (payment_id, seq, id, merchant_id, from_state, trigger, to_state, cause, actor_kind, actor_id,
        operation_id, amount, data, at)
      SELECT payment, s.seq, uuidv7(at - clock_timestamp()), merchant, s.f, s.t, s.s, s.c,
        CASE WHEN s.seq > 5 THEN 'provider' ELSE 'merchant_key' END,
        CASE WHEN s.seq > 5 THEN provider ELSE merchant::text END,
        CASE WHEN s.seq > 6 THEN capture WHEN s.seq > 4 THEN authorize END,
        CASE WHEN s.seq IN (1, 5, 6, 7, 8) THEN amount END, '{}', at
      FROM life, LATERAL (VALUES (1, NULL, 'create', 'initiated', 'create'),
        (2, 'initiated', 'collect', 'payment_method_captured', 'confirm'),
        (3, 'payment_method_captured', 'tokenize', 'tokenized', 'confirm'),
        (4, 'tokenized', 'approve', 'risk_checked', 'confirm'),
        (5, 'risk_checked', 'operation_opened', 'risk_checked', 'confirm'),
        (6, 'risk_checked', CASE WHEN paid THEN 'authorize' ELSE 'decline' END,
          CASE WHEN paid THEN 'authorized' ELSE 'failed' END, 'answer'),
        (7, 'authorized', 'begin_capture', 'capture_pending', 'answer'),
        (8, 'capture_pending', 'capture', 'captured', 'answer')) AS s (seq, f, t, s, c)
      WHERE paid OR s.seq <= 6),
    g AS (
      INSERT INTO postings (id, merchant_id, payment_id, seq, kind, debit, credit, amount, currency, provider, at)
      SELECT uuidv7(at - clock_timestamp()), merchant, payment, k.seq, k.kind, k.debit, k.credit, k.amount, currency,
        provider, at
      FROM life, LATERAL (VALUES (6, 'authorization', 'authorizations', 'authorization_holds', amount),
        (8, 'release', 'authorization_holds', 'authorizations', amount),
        (8, 'capture', 'receivable', 'merchant_payable', amount),
        (8, 'fee', 'fees', 'receivable', 43)) AS k (seq, kind, debit, credit, amount)
      WHERE paid)`;

/** What the consumers of the log would have made of it. */
const readModels = (sql: RawSql) => sql`
    r AS (
      INSERT INTO payment_rows (id, merchant_id, intent_id, version, state, amount, captured, refunded, currency,
        card_brand, card_last4, card_exp_month, card_exp_year, provider, failure_code, reference, receipt_email,
        created_at)
      SELECT payment, merchant, intent, CASE WHEN paid THEN 8 ELSE 6 END,
        CASE WHEN paid THEN 'captured' ELSE 'failed' END, amount, CASE WHEN paid THEN amount ELSE 0 END, 0, currency,
        'visa', last4, 12, 2031, provider, CASE WHEN NOT paid THEN 'insufficient_funds' END, reference, email, at
      FROM life),
    f AS (
      INSERT INTO payment_facets (merchant_id, currency, provider)
      SELECT DISTINCT merchant, currency, k.provider FROM life, LATERAL (VALUES (''), (provider)) AS k (provider)
      ORDER BY 1, 2, 3 ON CONFLICT DO NOTHING),
    h AS (
      INSERT INTO hourly_figures AS f (merchant_id, hour, provider, currency, asked, approved, declined, unanswered,
        authorized, captures, captured, refunds, refunded, answers_within)
      SELECT merchant, date_trunc('hour', at, 'UTC'), provider, currency, count(*), count(*) FILTER (WHERE paid),
        count(*) FILTER (WHERE NOT paid), 0, coalesce(sum(amount) FILTER (WHERE paid), 0), count(*) FILTER (WHERE paid),
        coalesce(sum(amount) FILTER (WHERE paid), 0), 0, 0, array_fill(0, ARRAY[15])
      FROM life GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
      ON CONFLICT (merchant_id, hour, provider, currency) DO UPDATE SET asked = f.asked + excluded.asked,
        approved = f.approved + excluded.approved, declined = f.declined + excluded.declined,
        authorized = f.authorized + excluded.authorized, captures = f.captures + excluded.captures,
        captured = f.captured + excluded.captured)`;
