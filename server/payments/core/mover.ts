import type { RawSql } from '#db/client.ts';
import { takenKeys } from '#server/idempotency/keys.ts';
import { consequences, shapeFor, shapes } from './consequences.ts';
import { intentRecord, paymentRecord } from './records.ts';
import type { BatchRows } from './rows.ts';

/** What became of change `n`: `skipped` when somebody else holds its row just now, `taken` when its key is not free. */
export interface Landed {
  n: number;
  result: 'done' | 'stale' | 'skipped' | 'taken';
}

/** A life's four changes, a refund and a refusal each have a shape of their own; so has the crowd of a busy moment. */
export const usualMoves = shapes(
  ['touched'],
  ['touched', 'postings'],
  ['claims', 'operations'],
  ['claims', 'operations', 'verdicts'],
  ['touched', 'operations', 'postings'],
  ['claims', 'operations', 'verdicts', 'touched', 'postings'],
);
export const usualBirths = shapes(['claims']);

/**
 * Moves existing payments: compare-and-swap on `version`, all rows of the batch in one statement.
 *
 * Rows are locked first, in order and without waiting: plain set-based updates deadlocked, and one slow transaction
 * held up all the others. Intents likewise. What waits here waits for the keys, which everybody takes in one order, or
 * for the blink in which the sweep claims an operation.
 *
 * @throws A broken constraint of one change, a key that was taken a moment ago among them: then nothing is written.
 */
export async function movePayments(sql: RawSql, rows: BatchRows): Promise<Landed[]> {
  const shape = shapeFor(usualMoves, rows);
  const [claims, cancels] = [shape.has('claims'), shape.has('cancels')];
  const done = await sql<{ n: number }[]>`
    WITH ${claims ? sql`taken AS MATERIALIZED (${takenKeys(sql, rows.claims)}),` : sql``}
    held AS MATERIALIZED (
      SELECT i.* FROM json_to_recordset(${rows.changes}::text::json) AS i ${paymentRecord(sql)}
      JOIN payments p ON p.id = i.id AND p.merchant_id = i.merchant_id
      ORDER BY p.id FOR NO KEY UPDATE OF p SKIP LOCKED),
    ${cancels ? heldIntents(sql) : sql``}
    done AS (
      UPDATE payments p SET state = i.state, live = i.live, version = i.version, authorized = i.authorized,
        captured = i.captured, refunded = i.refunded, refund_reserved = i.refund_reserved, charged_back = i.charged_back,
        stray = i.stray, reconciled = i.reconciled, provider = i.provider, token = i.token, card_brand = i.card_brand,
        card_last4 = i.card_last4, card_exp_month = i.card_exp_month, card_exp_year = i.card_exp_year,
        fingerprint = i.fingerprint, verdict_id = i.verdict_id, failure_code = i.failure_code,
        failure_message = i.failure_message, untried = i.untried, return_url = i.return_url, review = i.review,
        queued_until = i.queued_until, try_at = i.try_at, held_until = i.held_until, updated_at = i.at
      FROM held i
      WHERE p.id = i.id AND p.version = i.before
        ${claims ? sql`AND NOT EXISTS (SELECT 1 FROM taken WHERE taken.n = i.n)` : sql``}
        ${cancels ? sql`AND (i.cancels IS NULL OR i.intent_id IN (SELECT id FROM held_intents))` : sql``}
      RETURNING i.n, p.id)
    ${cancels ? canceled(sql) : sql``}
    ${consequences(sql, rows, shape)}
    SELECT n FROM done`;
  return landed(rows, done, () => whyNotMoved(sql, rows));
}

const heldIntents = (sql: RawSql) => sql`
  held_intents AS MATERIALIZED (
    SELECT t.id FROM intents t JOIN held i ON i.intent_id = t.id AND i.merchant_id = t.merchant_id
    WHERE i.cancels IS NOT NULL AND t.canceled_at IS NULL AND t.attempts = i.attempt
    ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED),`;

const canceled = (sql: RawSql) => sql`,
  canceled AS (
    UPDATE intents t SET canceled_at = i.at, cancellation_reason = i.cancels
    FROM held i JOIN done USING (n) WHERE t.id = i.intent_id AND i.cancels IS NOT NULL)`;

/** Who could have moved by what stands there now, and has not, met somebody who holds a row. */
function whyNotMoved(sql: RawSql, rows: BatchRows) {
  return sql<Landed[]>`
    SELECT i.n, CASE
      WHEN i.n IN (${takenKeys(sql, rows.claims)}) THEN 'taken'
      WHEN EXISTS (
          SELECT 1 FROM payments p WHERE p.merchant_id = i.merchant_id AND p.version = i.before AND p.id = i.id)
        AND (i.cancels IS NULL OR EXISTS (
          SELECT 1 FROM intents t WHERE t.id = i.intent_id AND t.merchant_id = i.merchant_id
            AND t.canceled_at IS NULL AND t.attempts = i.attempt))
        THEN 'skipped'
      ELSE 'stale' END AS result
    FROM json_to_recordset(${rows.changes}::text::json)
      AS i (n int, id uuid, merchant_id uuid, intent_id uuid, attempt int, before int, cancels text)`;
}

/**
 * Opens payments: of new intents, or one more of an intent whose last payment ended. That intent's `attempts` is the
 * compare-and-swap; a live payment that the statement can see refuses the birth here, so that the unique index behind
 * it never has to wait for anybody.
 *
 * @throws As `movePayments`.
 */
export async function bearPayments(sql: RawSql, rows: BatchRows): Promise<Landed[]> {
  const shape = shapeFor(usualBirths, rows);
  const [claims, retries] = [shape.has('claims'), shape.has('retries')];
  const isFree = claims ? sql`AND NOT EXISTS (SELECT 1 FROM taken WHERE taken.n = w.n)` : sql``;
  const done = await sql<{ n: number }[]>`
    WITH input AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${rows.changes}::text::json) AS r ${paymentRecord(sql)}),
    wanted AS MATERIALIZED (SELECT * FROM json_to_recordset(${rows.intents}::text::json) AS r ${intentRecord(sql)}),
    ${claims ? sql`taken AS MATERIALIZED (${takenKeys(sql, rows.claims)}),` : sql``}
    made AS (
      INSERT INTO intents (id, merchant_id, amount, currency, capture_method, description, reference, receipt_email,
        metadata, attempts, created_at)
      SELECT id, merchant_id, amount, currency, capture_method, description, reference, receipt_email, metadata, 1, created_at
      FROM wanted w WHERE attempts = 0 AND NOT EXISTS (SELECT 1 FROM intents t WHERE t.id = w.id) ${isFree}
      RETURNING id),
    ${retries ? retried(sql, isFree) : sql``}
    born AS (
      INSERT INTO payments (id, merchant_id, intent_id, attempt, state, live, version, currency, amount, authorized,
        captured, refunded, refund_reserved, charged_back, stray, reconciled, provider, token, card_brand, card_last4,
        card_exp_month, card_exp_year, fingerprint, verdict_id, failure_code, failure_message, untried, return_url, review,
        queued_until, try_at, held_until, created_at, updated_at)
      SELECT i.id, i.merchant_id, i.intent_id, i.attempt, i.state, i.live, i.version, i.currency, i.amount, i.authorized,
        i.captured, i.refunded, i.refund_reserved, i.charged_back, i.stray, i.reconciled, i.provider, i.token, i.card_brand,
        i.card_last4, i.card_exp_month, i.card_exp_year, i.fingerprint, i.verdict_id, i.failure_code, i.failure_message,
        i.untried, i.return_url, i.review, i.queued_until, i.try_at, i.held_until, i.at, i.at
      FROM input i JOIN (SELECT id FROM made ${retries ? sql`UNION ALL SELECT id FROM retried` : sql``}) t ON t.id = i.intent_id
      RETURNING id),
    done AS (SELECT i.n FROM born JOIN input i USING (id))
    ${consequences(sql, rows, shape)}
    SELECT n FROM done`;
  return landed(rows, done, () => whyNotBorn(sql, rows));
}

const retried = (sql: RawSql, isFree: ReturnType<typeof takenKeys>) => sql`
  held AS MATERIALIZED (
    SELECT t.id FROM intents t JOIN wanted w ON w.id = t.id AND w.merchant_id = t.merchant_id
    WHERE w.attempts > 0 ORDER BY t.id FOR NO KEY UPDATE OF t SKIP LOCKED),
  retried AS (
    UPDATE intents t SET attempts = w.attempts + 1 FROM wanted w JOIN held ON held.id = w.id
    WHERE t.id = w.id AND w.attempts > 0 AND t.attempts = w.attempts AND t.canceled_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.intent_id = w.id AND p.live) ${isFree}
    RETURNING t.id),`;

function whyNotBorn(sql: RawSql, rows: BatchRows) {
  return sql<Landed[]>`
    SELECT w.n, CASE
      WHEN w.n IN (${takenKeys(sql, rows.claims)}) THEN 'taken'
      WHEN w.attempts > 0
        AND NOT EXISTS (SELECT 1 FROM payments p WHERE p.intent_id = w.id AND p.live)
        AND EXISTS (
          SELECT 1 FROM intents t WHERE t.id = w.id AND t.merchant_id = w.merchant_id
            AND t.attempts = w.attempts AND t.canceled_at IS NULL)
        THEN 'skipped'
      ELSE 'stale' END AS result
    FROM json_to_recordset(${rows.intents}::text::json) AS w (n int, id uuid, merchant_id uuid, attempts int)`;
}

/** Nearly always all are done. Only where one is not, it is asked why. */
async function landed(
  { size }: BatchRows,
  done: readonly { n: number }[],
  whyNot: () => PromiseLike<readonly Landed[]>,
): Promise<Landed[]> {
  const through = done.map(({ n }): Landed => ({ n, result: 'done' }));
  if (done.length === size) return through;
  const moved = new Set(done.map(({ n }) => n));
  return [...through, ...(await whyNot()).filter(({ n }) => !moved.has(n))];
}
