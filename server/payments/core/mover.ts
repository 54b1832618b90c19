import type { RawSql } from '#db/client.ts';
import { appendEvents } from '#server/events/append.ts';
import { claimKeys, takenKeys } from '#server/idempotency/keys.ts';
import { appendPostings } from '#server/ledger/postings.ts';
import { appendVerdicts } from '#server/risk/append.ts';
import type { BatchRows } from './rows.ts';

/** What became of change `n`: `skipped` when somebody else holds its row just now, `taken` when its key is not free. */
export interface Landed {
  n: number;
  result: 'done' | 'stale' | 'skipped' | 'taken';
}

/** How many of the batch's keys were claimed; must equal the number of done changes that carry one. */
export interface Batch {
  landed: Landed[];
  claimed: number;
}

// The columns of a payment row, as `rows.ts` writes them.
const paymentRecord = (sql: RawSql) => sql`(n int, id uuid, merchant_id uuid, intent_id uuid, attempt int, before int,
  version int, state text, live bool, currency text, amount bigint, authorized bigint, captured bigint, refunded bigint,
  refund_reserved bigint, charged_back bigint, stray bigint, reconciled bigint, provider text, token text, card_brand text,
  card_last4 text, card_exp_month int, card_exp_year int, fingerprint text, verdict_id uuid, failure_code text,
  failure_message text, untried jsonb, return_url text, review text, queued_until timestamptz, try_at timestamptz,
  held_until timestamptz, at timestamptz, cancels text)`;

const intentRecord = (sql: RawSql) => sql`(n int, id uuid, merchant_id uuid, amount bigint, currency text,
  capture_method text, description text, reference text, receipt_email text, metadata jsonb, attempts int,
  created_at timestamptz)`;

const operationRecord = (sql: RawSql) => sql`(n int, id uuid, payment_id uuid, merchant_id uuid, kind text, status text,
  provider text, amount bigint, currency text, request json, step int, sends int, sent_at timestamptz,
  send_before timestamptz, opened_at timestamptz, closed_at timestamptz, provider_ref text, fee bigint, code text,
  message text, reason text, note text, against uuid, target_ref text, is_foreign bool, ask_at timestamptz,
  challenge_url text)`;

/** What may change of an operation; a column that is named and not there costs as much as one that is. */
const touchedRecord = (sql: RawSql) => sql`(n int, id uuid, status text, step int, sends int, sent_at timestamptz,
  send_before timestamptz, closed_at timestamptz, provider_ref text, fee bigint, code text, message text,
  challenge_url text, ask_at timestamptz)`;

const escalationRecord = (sql: RawSql) => sql`(n int, id uuid, merchant_id uuid, payment_id uuid, operation_id uuid,
  kind text, at_risk bigint, currency text, evidence jsonb, opened_at timestamptz, finding text, reason text,
  found_ref text, proposed_by uuid, proposed_by_name text, proposed_at timestamptz, closed_how text, closed_by uuid,
  closed_by_name text, closed_at timestamptz)`;

/**
 * What follows from the changes that went through, in the same statement. An operation is opened after others are
 * closed, or the index that allows one unclosed operation would see both.
 */
const consequences = (sql: RawSql, rows: BatchRows) => sql`
    claimed AS (${claimKeys(sql, rows.claims)}),
    judged AS (${appendVerdicts(sql, rows.verdicts)}),
    logged AS (${appendEvents(sql, rows.events)}),
    posted AS (${appendPostings(sql, rows.postings)}),
    touched AS (
      UPDATE operations o SET status = r.status, step = r.step, sends = r.sends, sent_at = r.sent_at,
        send_before = r.send_before, closed_at = r.closed_at, provider_ref = r.provider_ref, fee = r.fee, code = r.code,
        message = r.message, challenge_url = r.challenge_url, ask_at = coalesce(r.ask_at, o.ask_at)
      FROM json_to_recordset(${rows.touched}::text::json) AS r ${touchedRecord(sql)} JOIN done USING (n)
      WHERE o.id = r.id RETURNING o.id),
    opened AS (
      INSERT INTO operations (id, payment_id, merchant_id, kind, status, provider, amount, currency, request, step, sends,
        sent_at, send_before, asked_at, inquiries, ask_at, opened_at, closed_at, provider_ref, fee, code, message, reason,
        note, against, target_ref, is_foreign, challenge_url)
      SELECT r.id, r.payment_id, r.merchant_id, r.kind, r.status, r.provider, r.amount, r.currency, r.request, r.step,
        r.sends, r.sent_at, r.send_before, r.sent_at, 0, r.ask_at, r.opened_at, r.closed_at, r.provider_ref, r.fee, r.code,
        r.message, r.reason, r.note, r.against, r.target_ref, r.is_foreign, r.challenge_url
      FROM json_to_recordset(${rows.operations}::text::json) AS r ${operationRecord(sql)} JOIN done USING (n)
      WHERE (SELECT count(*) FROM touched) >= 0),
    escalated AS (
      INSERT INTO escalations AS e (id, merchant_id, payment_id, operation_id, kind, at_risk, currency, evidence,
        opened_at, finding, reason, found_ref, proposed_by, proposed_by_name, proposed_at, closed_how, closed_by,
        closed_by_name, closed_at)
      SELECT r.id, r.merchant_id, r.payment_id, r.operation_id, r.kind, r.at_risk, r.currency, r.evidence, r.opened_at,
        r.finding, r.reason, r.found_ref, r.proposed_by, r.proposed_by_name, r.proposed_at, r.closed_how, r.closed_by,
        r.closed_by_name, r.closed_at
      FROM json_to_recordset(${rows.escalations}::text::json) AS r ${escalationRecord(sql)} JOIN done USING (n)
      ON CONFLICT (id) DO UPDATE SET finding = excluded.finding, reason = excluded.reason,
        found_ref = excluded.found_ref, proposed_by = excluded.proposed_by,
        proposed_by_name = excluded.proposed_by_name, proposed_at = excluded.proposed_at,
        closed_how = excluded.closed_how, closed_by = excluded.closed_by, closed_by_name = excluded.closed_by_name,
        closed_at = excluded.closed_at WHERE e.closed_at IS NULL)`;

function batchOf(rows: readonly (Landed & { claimed: number })[]): Batch {
  return { landed: rows.map(({ n, result }) => ({ n, result })), claimed: rows[0]?.claimed ?? 0 };
}

/**
 * Moves existing payments: compare-and-swap on `version`, all rows of the batch in one statement.
 *
 * Rows are locked first, in order and without waiting: plain set-based updates deadlocked, and one slow transaction
 * held up all the others. Intents likewise. What waits here waits for the keys, which everybody takes in one order, or
 * for the blink in which the sweep claims an operation.
 */
export async function movePayments(tx: RawSql, rows: BatchRows): Promise<Batch> {
  const landed = await tx<(Landed & { claimed: number })[]>`
    WITH input AS MATERIALIZED (SELECT * FROM json_to_recordset(${rows.changes}::text::json) AS r ${paymentRecord(tx)}),
    taken AS MATERIALIZED (${takenKeys(tx, rows.claims)}),
    held AS MATERIALIZED (
      SELECT p.id FROM payments p JOIN input i ON i.id = p.id AND i.merchant_id = p.merchant_id
      ORDER BY p.id FOR NO KEY UPDATE OF p SKIP LOCKED),
    held_intents AS MATERIALIZED (
      SELECT t.id FROM intents t JOIN input i ON i.intent_id = t.id AND i.merchant_id = t.merchant_id
      WHERE i.cancels IS NOT NULL AND t.canceled_at IS NULL AND t.attempts = i.attempt
      ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED),
    done AS (
      UPDATE payments p SET state = i.state, live = i.live, version = i.version, authorized = i.authorized,
        captured = i.captured, refunded = i.refunded, refund_reserved = i.refund_reserved, charged_back = i.charged_back,
        stray = i.stray, reconciled = i.reconciled, provider = i.provider, token = i.token, card_brand = i.card_brand,
        card_last4 = i.card_last4, card_exp_month = i.card_exp_month, card_exp_year = i.card_exp_year,
        fingerprint = i.fingerprint, verdict_id = i.verdict_id, failure_code = i.failure_code,
        failure_message = i.failure_message, untried = i.untried, return_url = i.return_url, review = i.review,
        queued_until = i.queued_until, try_at = i.try_at, held_until = i.held_until, updated_at = i.at
      FROM input i JOIN held ON held.id = i.id
      WHERE p.id = i.id AND p.version = i.before
        AND NOT EXISTS (SELECT 1 FROM taken WHERE taken.n = i.n)
        AND (i.cancels IS NULL OR EXISTS (SELECT 1 FROM held_intents WHERE held_intents.id = i.intent_id))
      RETURNING i.n, p.id),
    canceled AS (
      UPDATE intents t SET canceled_at = i.at, cancellation_reason = i.cancels
      FROM input i JOIN done USING (n) WHERE t.id = i.intent_id AND i.cancels IS NOT NULL),
    ${consequences(tx, rows)}
    SELECT i.n, (SELECT count(*)::int FROM claimed) AS claimed, CASE
      WHEN done.n IS NOT NULL THEN 'done'
      WHEN EXISTS (SELECT 1 FROM taken WHERE taken.n = i.n) THEN 'taken'
      WHEN held.id IS NULL AND EXISTS (SELECT 1 FROM payments p WHERE p.id = i.id AND p.merchant_id = i.merchant_id) THEN 'skipped'
      WHEN i.cancels IS NOT NULL AND NOT EXISTS (SELECT 1 FROM held_intents h WHERE h.id = i.intent_id)
        AND EXISTS (SELECT 1 FROM intents t WHERE t.id = i.intent_id AND t.canceled_at IS NULL AND t.attempts = i.attempt)
        THEN 'skipped'
      ELSE 'stale' END AS result
    FROM input i LEFT JOIN done ON done.n = i.n LEFT JOIN held ON held.id = i.id`;
  return batchOf(landed);
}

/**
 * Opens payments: of new intents, or one more of an intent whose last payment ended. That intent's `attempts` is the
 * compare-and-swap; a live payment that the statement can see refuses the birth here, so that the unique index behind
 * it never has to wait for anybody.
 */
export async function bearPayments(tx: RawSql, rows: BatchRows): Promise<Batch> {
  const landed = await tx<(Landed & { claimed: number })[]>`
    WITH input AS MATERIALIZED (SELECT * FROM json_to_recordset(${rows.changes}::text::json) AS r ${paymentRecord(tx)}),
    wanted AS MATERIALIZED (SELECT * FROM json_to_recordset(${rows.intents}::text::json) AS r ${intentRecord(tx)}),
    taken AS MATERIALIZED (${takenKeys(tx, rows.claims)}),
    held AS MATERIALIZED (
      SELECT t.id FROM intents t JOIN wanted w ON w.id = t.id AND w.merchant_id = t.merchant_id
      WHERE w.attempts > 0 ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED),
    made AS (
      INSERT INTO intents (id, merchant_id, amount, currency, capture_method, description, reference, receipt_email,
        metadata, attempts, created_at)
      SELECT id, merchant_id, amount, currency, capture_method, description, reference, receipt_email, metadata, 1, created_at
      FROM wanted w WHERE attempts = 0 AND NOT EXISTS (SELECT 1 FROM taken WHERE taken.n = w.n)
        AND NOT EXISTS (SELECT 1 FROM intents t WHERE t.id = w.id)
      RETURNING id),
    retried AS (
      UPDATE intents t SET attempts = w.attempts + 1 FROM wanted w JOIN held ON held.id = w.id
      WHERE t.id = w.id AND w.attempts > 0 AND t.attempts = w.attempts AND t.canceled_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM taken WHERE taken.n = w.n)
        AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.intent_id = w.id AND p.live)
      RETURNING t.id),
    born AS (
      INSERT INTO payments (id, merchant_id, intent_id, attempt, state, live, version, currency, amount, authorized,
        captured, refunded, refund_reserved, charged_back, stray, reconciled, provider, token, card_brand, card_last4,
        card_exp_month, card_exp_year, fingerprint, verdict_id, failure_code, failure_message, untried, return_url, review,
        queued_until, try_at, held_until, created_at, updated_at)
      SELECT i.id, i.merchant_id, i.intent_id, i.attempt, i.state, i.live, i.version, i.currency, i.amount, i.authorized,
        i.captured, i.refunded, i.refund_reserved, i.charged_back, i.stray, i.reconciled, i.provider, i.token, i.card_brand,
        i.card_last4, i.card_exp_month, i.card_exp_year, i.fingerprint, i.verdict_id, i.failure_code, i.failure_message,
        i.untried, i.return_url, i.review, i.queued_until, i.try_at, i.held_until, i.at, i.at
      FROM input i JOIN (SELECT id FROM made UNION ALL SELECT id FROM retried) t ON t.id = i.intent_id
      RETURNING id),
    done AS (SELECT i.n FROM born JOIN input i USING (id)),
    ${consequences(tx, rows)}
    SELECT i.n, (SELECT count(*)::int FROM claimed) AS claimed, CASE
      WHEN born.id IS NOT NULL THEN 'done'
      WHEN EXISTS (SELECT 1 FROM taken WHERE taken.n = i.n) THEN 'taken'
      WHEN w.attempts > 0 AND held.id IS NULL AND EXISTS (SELECT 1 FROM intents t WHERE t.id = w.id) THEN 'skipped'
      ELSE 'stale' END AS result
    FROM input i JOIN wanted w ON w.n = i.n LEFT JOIN born ON born.id = i.id LEFT JOIN held ON held.id = w.id`;
  return batchOf(landed);
}
