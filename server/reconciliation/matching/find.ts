import type { PendingQuery, Row } from 'postgres';
import type { RawSql } from '#db/client.ts';
import type { File } from './file.ts';

export type Fragment = PendingQuery<Row[]>;

/** Lines of one file: `after` < line ≤ `to`. */
export interface Range {
  file: Pick<File, 'id' | 'provider'>;
  after: number;
  to: number;
  /** Rules came before: what they found to be a duplicate looks for nothing else. */
  later: boolean;
}

/** Of an identity that names an operation, only one half: two halves never name the same one. */
export type Half = 0 | 1;

/**
 * By our key. Which half a line belongs to is seen by the operation's id in it, so that two lines of one operation are
 * in one half. Each line looks its operation up: a plan that read all operations instead would do so for each piece.
 */
export function byKey(tx: RawSql, range: Range, half: Half | undefined) {
  const id = tx`left(l.key, 36)`;
  return tx`
    SELECT ${seen(tx)} FROM settlement_lines l CROSS JOIN LATERAL (
      SELECT * FROM operations o
      WHERE o.id = CASE WHEN l.key ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(-[0-9]{1,3})?$' THEN ${id}::uuid END
        AND o.provider = l.provider AND o.kind = CASE l.kind WHEN 'refund_returned' THEN 'refund' ELSE l.kind END
      LIMIT 1) o
    WHERE ${within(tx, range)} AND l.key IS NOT NULL AND l.kind IN ('capture', 'refund', 'refund_returned')
      ${half === undefined ? tx`` : tx`AND hashtext(${id}) & 1 = ${half}`}`;
}

/**
 * By the provider's id: of a capture its own; of a refund its own beside the capture's, which leads to the payment. No
 * index leads to a refund by its id alone.
 */
export function byRef(tx: RawSql, range: Range, half: Half | undefined) {
  const lines = tx`${within(tx, range)} ${half === undefined ? tx`` : tx`AND hashtext(l.ref) & 1 = ${half}`}`;
  return tx`
    SELECT ${seen(tx)} FROM settlement_lines l
    CROSS JOIN LATERAL (SELECT * FROM operations o WHERE ${captureOf(tx, tx`l.ref`)} LIMIT 1) o
    WHERE ${lines} AND l.ref IS NOT NULL AND l.kind = 'capture'
    UNION ALL
    SELECT ${seen(tx)} FROM settlement_lines l
    CROSS JOIN LATERAL (SELECT o.payment_id FROM operations o WHERE ${captureOf(tx, tx`l.capture_ref`)} LIMIT 1) c
    CROSS JOIN LATERAL (
      SELECT * FROM operations o WHERE o.payment_id = c.payment_id AND o.kind = 'refund' AND o.provider_ref = l.ref
        AND o.provider = l.provider
      ORDER BY o.id LIMIT 1) o
    WHERE ${lines} AND l.ref IS NOT NULL AND l.capture_ref IS NOT NULL AND l.kind IN ('refund', 'refund_returned')`;
}

/** That `o` is the capture which the provider of the line `l` knows by that id. */
export function captureOf(tx: RawSql, ref: Fragment) {
  return tx`o.provider = l.provider AND o.kind = 'capture' AND o.status = 'accepted' AND o.provider_ref = ${ref}`;
}

/** By operations that were found for lines beforehand. */
export function byPairs(tx: RawSql, range: Range, pairs: readonly { line: number; operationId: string }[]) {
  return tx`
    SELECT ${seen(tx)} FROM settlement_lines l
    JOIN unnest(${pairs.map(({ line }) => line)}::int[], ${pairs.map(({ operationId }) => operationId)}::uuid[])
      AS p (line, operation_id) ON l.line = p.line
    CROSS JOIN LATERAL (SELECT * FROM operations o WHERE o.id = p.operation_id LIMIT 1) o
    WHERE ${within(tx, range)}`;
}

/** A line's columns and its operation's, as `match` takes them. */
function seen(tx: RawSql) {
  return tx`l.line, l.kind, l.amount, l.fee, l.currency, l.occurred_at, o.id AS operation_id, o.payment_id,
    o.merchant_id, o.status, o.amount AS our_amount, o.fee AS our_fee, o.currency AS our_currency,
    coalesce(o.closed_at, o.opened_at) AS our_time`;
}

function within(tx: RawSql, { file, after, to, later }: Range) {
  return tx`l.file_id = ${file.id} AND l.line > ${after} AND l.line <= ${to} AND l.operation_id IS NULL
    ${later ? tx`AND ${notDuplicate(tx)}` : tx``}`;
}

/** That a line `l` has not found its operation taken. */
export function notDuplicate(tx: RawSql) {
  return tx`(SELECT d.line FROM discrepancies d
    WHERE d.leg = 'settlement' AND d.file_id = l.file_id AND d.line = l.line AND d.kind = 'duplicate' LIMIT 1) IS NULL`;
}

/**
 * Has the rest of a transaction look things up by indexes and join by hashes. A file that has just been read is not in
 * the statistics yet, and a loop over all pairs of its lines would seem the cheapest.
 */
export async function withoutStatistics(tx: RawSql): Promise<void> {
  await tx`SELECT set_config('enable_nestloop', 'off', true), set_config('enable_seqscan', 'off', true)`;
}
