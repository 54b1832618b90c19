import type { RawSql } from '#db/client.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Sight, seenBy } from './sight.ts';
import type { LineRow, LineView, Page, QuarantinedRow } from './view.ts';

export interface LinesInput {
  fileId: string;
  /** `unmatched`: of which no operation of ours was found. */
  show: 'all' | 'unmatched';
  /** The last line of the page before. */
  after?: number;
  limit: number;
}

/** Lines of a file in its order. */
export async function listLines(
  sql: RawSql,
  sight: Sight,
  { fileId, show, after, limit }: LinesInput,
): Promise<Page<LineRow, number>> {
  const rows = await sql<LineRow[]>`
    SELECT ${columns(sql)} FROM settlement_lines
    WHERE file_id = ${fileId} AND line > ${after ?? 0} AND ${seenBy(sql, sight)}
      ${show === 'unmatched' ? sql`AND operation_id IS NULL AND kind IN ('capture', 'refund')` : sql``}
    ORDER BY line LIMIT ${limit + 1}`;
  return paged(rows, limit);
}

/** @throws Refusal `not_found`. */
export async function lineOf(sql: RawSql, sight: Sight, at: { fileId: string; line: number }): Promise<LineView> {
  const [row] = await sql<LineView[]>`
    SELECT ${columns(sql)}, capture_ref AS "captureRef", key, reference, payout_ref AS "payoutRef", raw,
      operation_id AS "operationId", matched_at AS "matchedAt", posted_at AS "postedAt",
      (SELECT name FROM settlement_files WHERE id = settlement_lines.file_id) AS "fileName",
      (SELECT coalesce(json_agg(json_build_object('id', d.id, 'kind', d.kind, 'ended', d.ended) ORDER BY d.id), '[]')
       FROM discrepancies d WHERE d.leg = 'settlement' AND d.file_id = settlement_lines.file_id
         AND d.line = settlement_lines.line) AS found
    FROM settlement_lines WHERE file_id = ${at.fileId} AND line = ${at.line} AND ${seenBy(sql, sight)}`;
  if (!row) throw new Refusal('not_found', 'No such line.');
  return row;
}

/** Lines that could not be read. What they were about nobody knows: for who sees the file whole. */
export async function listQuarantined(
  sql: RawSql,
  { whole }: Sight,
  { fileId, after, limit }: { fileId: string; after?: number; limit: number },
): Promise<Page<QuarantinedRow, number>> {
  if (!whole) return { rows: [], next: null };
  const rows = await sql<QuarantinedRow[]>`
    SELECT line, raw, reason FROM quarantined_lines WHERE file_id = ${fileId} AND line > ${after ?? 0}
    ORDER BY line LIMIT ${limit + 1}`;
  return paged(rows, limit);
}

function columns(sql: RawSql) {
  return sql`file_id AS "fileId", line, provider, kind, ref, amount, fee, net, currency, occurred_at AS "occurredAt",
    payment_id AS "paymentId", rule, ARRAY(
      SELECT d.kind FROM discrepancies d WHERE d.leg = 'settlement' AND d.file_id = settlement_lines.file_id
        AND d.line = settlement_lines.line AND d.ended_at IS NULL ORDER BY d.kind) AS differences`;
}

export function paged<Row extends { line: number }>(rows: Row[], limit: number): Page<Row, number> {
  const page = rows.slice(0, limit);
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.line ?? null) : null };
}
