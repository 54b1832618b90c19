import type { RawSql } from '#db/client.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { sameSecret } from '#server/kernel/secret.ts';
import type { Answer, Claim } from './claim.ts';

export type { Answer } from './claim.ts';

export interface Subject {
  kind: string;
  id: string;
}

export type Recalled =
  | { kind: 'fresh' }
  | ({ kind: 'done' } & Answer)
  | { kind: 'own' }
  | { kind: 'abandoned'; subject: Subject };

/**
 * Milliseconds without an answer after which whoever claimed the key is taken for dead, and the request is answered
 * anew. Longer than the longest request: an authorisation, a capture and its compensation may each wait for half a
 * minute.
 */
export const abandonedAfter = 180_000;

/** What stands at a key; undefined where nobody has claimed it. */
export type KeyRow = StoredKey | undefined;

/**
 * The rows of many keys in one statement, by place. Each is looked up by itself, however many the planner thinks there
 * are.
 */
export async function readKeys(sql: RawSql, claims: readonly Claim[]): Promise<KeyRow[]> {
  const rows = await sql<(StoredKey & { n: number })[]>`
    SELECT r.n, k.fingerprint, k.subject_kind, k.subject_id, k.claimed_at, k.status, k.body, k.request
    FROM json_to_recordset(${named(claims)}::text::json) AS r (n int, merchant_id uuid, key text)
    CROSS JOIN LATERAL (
      SELECT * FROM idempotency_keys i WHERE i.merchant_id = r.merchant_id AND i.key = r.key LIMIT 1) k`;
  const found: KeyRow[] = claims.map(() => undefined);
  for (const row of rows) found[row.n] = row;
  return found;
}

/**
 * What is known of a key. 'own': the asking request itself has claimed it, and has not answered yet. 'abandoned': its
 * change was committed, but nobody stored an answer and nobody is at work on one; the caller answers with the subject
 * as it stands now, and remembers that once it is final.
 *
 * @throws Refusal `idempotency_mismatch` for another request under the same key, `idempotency_in_flight` while the
 *         first is still at work.
 */
export function knownOf(row: KeyRow, claim: Claim, now: Date): Recalled {
  if (!row) return { kind: 'fresh' };
  if (!sameSecret(row.fingerprint, claim.fingerprint)) {
    throw new Refusal(
      'idempotency_mismatch',
      `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${claim.key}' if you meant to execute a different request.`,
    );
  }
  if (row.body !== null) return { kind: 'done', status: row.status ?? 200, body: row.body, request: row.request ?? '' };
  const atWork = row.request !== null && now.getTime() - row.claimed_at.getTime() < abandonedAfter;
  if (atWork && row.request === claim.request) return { kind: 'own' };
  if (atWork) throw inFlight(claim);
  return { kind: 'abandoned', subject: { kind: row.subject_kind, id: row.subject_id } };
}

/** Asks for one key: `knownOf` what stands there. */
export async function recall(sql: RawSql, claim: Claim, now: Date): Promise<Recalled> {
  const [row] = await readKeys(sql, [claim]);
  return knownOf(row, claim, now);
}

/** An answer and the claimed key that it belongs to. */
export interface Kept {
  claim: Claim;
  answer: Answer;
  at: Date;
}

/**
 * Stores the answers of claimed keys, each once; a later one is dropped, so that every replay reads the same. Keys are
 * locked in one order first: two processes that answer the same ones would wait for each other.
 */
export async function remember(tx: RawSql, kept: readonly Kept[]): Promise<void> {
  const rows = kept.map(({ claim, answer, at }, n) => ({
    n,
    merchant_id: claim.merchantId,
    key: claim.key,
    ...answer,
    at,
  }));
  await tx`
    WITH given AS MATERIALIZED (
      SELECT DISTINCT ON (merchant_id, key) * FROM json_to_recordset(${JSON.stringify(rows)}::text::json)
        AS r (n int, merchant_id uuid, key text, status int, body text, request text, at timestamptz)
      ORDER BY merchant_id, key, n),
    held AS MATERIALIZED (
      SELECT k.merchant_id, k.key FROM given g CROSS JOIN LATERAL (
        SELECT i.merchant_id, i.key FROM idempotency_keys i
        WHERE i.merchant_id = g.merchant_id AND i.key = g.key FOR NO KEY UPDATE) k)
    UPDATE idempotency_keys k SET status = g.status, body = g.body, request = g.request, answered_at = g.at
    FROM given g JOIN held USING (merchant_id, key)
    WHERE k.merchant_id = g.merchant_id AND k.key = g.key AND k.body IS NULL`;
}

/** Says of a claimed key that nobody is at work on its answer any more, unless it has been answered. */
export async function release(sql: RawSql, claim: Claim): Promise<void> {
  await sql`
    UPDATE idempotency_keys SET request = NULL
    WHERE merchant_id = ${claim.merchantId} AND key = ${claim.key} AND body IS NULL`;
}

/**
 * Claims a key in a transaction that changes no payment, such as the making of a checkout session.
 *
 * @throws Refusal `idempotency_in_flight` when somebody else has it; the transaction must then roll back.
 */
export async function claimAlone(tx: RawSql, claim: Claim, subject: Subject, now: Date): Promise<void> {
  const rows = await tx`
    INSERT INTO idempotency_keys (merchant_id, key, fingerprint, subject_kind, subject_id, claimed_at, request)
    VALUES (${claim.merchantId}, ${claim.key}, ${claim.fingerprint}, ${subject.kind}, ${subject.id}, ${now},
      ${claim.request ?? null})
    ON CONFLICT DO NOTHING RETURNING key`;
  if (rows.length === 0) throw inFlight(claim);
}

export function inFlight(claim: Claim): Refusal {
  return new Refusal(
    'idempotency_in_flight',
    `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${claim.key}. Please try again later.`,
  );
}

/**
 * The keys' part of a set-based statement: claims what `done (n)` carries, in one order for everybody, since two
 * transactions that wait for each other's keys would never end. A key that somebody was quicker to claim breaks the
 * statement, see `isOfTakenKey`.
 *
 * @param rows  JSON array of ClaimRow.
 */
export function claimKeys(sql: RawSql, rows: string) {
  return sql`
    INSERT INTO idempotency_keys (merchant_id, key, fingerprint, subject_kind, subject_id, claimed_at, request,
      answered_at, status, body)
    SELECT r.merchant_id, r.key, decode(r.fingerprint, 'hex'), r.subject_kind, r.subject_id, r.claimed_at, r.request,
      r.answered_at, r.status, r.body
    FROM ${claimRecords(sql, rows)} JOIN done USING (n)
    ORDER BY r.merchant_id, r.key`;
}

/** True of the error with which the database refuses to claim a key twice. */
export function isOfTakenKey(error: unknown): boolean {
  return Object(error).constraint_name === 'idempotency_keys_merchant_id_key_pk';
}

/** The changes whose key somebody has already: they are not made, which is cheaper than to make and undo them. */
export function takenKeys(sql: RawSql, rows: string) {
  return sql`
    SELECT r.n FROM json_to_recordset(${rows}::text::json) AS r (n int, merchant_id uuid, key text)
    JOIN idempotency_keys k ON k.merchant_id = r.merchant_id AND k.key = r.key`;
}

function named(claims: readonly Claim[]): string {
  return JSON.stringify(claims.map(({ merchantId, key }, n) => ({ n, merchant_id: merchantId, key })));
}

function claimRecords(sql: RawSql, rows: string) {
  return sql`json_to_recordset(${rows}::text::json) AS r (n int, merchant_id uuid, key text, fingerprint text,
    subject_kind text, subject_id uuid, claimed_at timestamptz, request text, answered_at timestamptz, status int,
    body text)`;
}

interface StoredKey {
  fingerprint: Buffer;
  subject_kind: string;
  subject_id: string;
  claimed_at: Date;
  status: number | null;
  body: string | null;
  request: string | null;
}
