import type { RawSql } from '#db/client.ts';
import type { Books } from '../room.ts';
import type { File } from './file.ts';
import { blocking } from './judge.ts';
import type { Due } from './missing.ts';

interface Totals {
  currency: string;
  theirs: string;
  ours: string;
  matched: string;
  lines: number;
  found: number;
}

/**
 * Writes what the history shows of a matched file, and that it is matched. Totals are captures less refunds, in minor
 * units: of the provider's lines, of our operations that they name, and of the lines that agree.
 */
export async function writeRun(
  tx: RawSql,
  { clock, ids }: Pick<Books, 'clock' | 'ids'>,
  { file, due, startedAt }: { file: File; due: Due; startedAt: Date },
): Promise<void> {
  const { id: fileId, provider, day, quarantined } = file;
  const totals = await totalsOf(tx, fileId);
  const differences = await differencesOf(tx, file, due);
  const now = clock.now();
  const lines = totals.reduce((sum, one) => sum + one.lines, 0);
  const matched = totals.reduce((sum, one) => sum + one.found, 0);
  const byCurrency = Object.fromEntries(
    totals.map(({ currency, theirs, ours, matched: agreed }) => [currency, { theirs, ours, matched: agreed }]),
  );
  await tx`
    INSERT INTO reconciliation_runs (id, provider, file_id, day, started_at, ended_at, lines, matched, quarantined,
      differences, totals)
    VALUES (${ids()}, ${provider}, ${fileId}, ${day}, ${startedAt}, ${now}, ${lines}, ${matched}, ${quarantined},
      ${tx.json(differences)}, ${tx.json(byCurrency)})
    ON CONFLICT (file_id) DO NOTHING`;
  await tx`
    UPDATE settlement_files SET status = 'matched', matched_at = ${now} WHERE id = ${fileId} AND status = 'read'`;
}

/** What agrees is what our books say: only of lines that differ is the operation looked at. */
function totalsOf(tx: RawSql, fileId: string) {
  const sign = tx`CASE kind WHEN 'capture' THEN 1 WHEN 'refund' THEN -1 ELSE 0 END`;
  return tx<Totals[]>`
    WITH odd AS (
      SELECT DISTINCT line FROM discrepancies
      WHERE leg = 'settlement' AND file_id = ${fileId} AND kind IN ${tx([...blocking, 'missing_here'])}),
    sums AS (
      SELECT l.currency, sum(${sign} * l.amount) AS theirs,
        sum(${sign} * l.amount) FILTER (WHERE l.operation_id IS NOT NULL AND odd.line IS NULL) AS matched,
        count(*)::int AS lines, count(l.operation_id)::int AS found
      FROM settlement_lines l LEFT JOIN odd ON odd.line = l.line
      WHERE l.file_id = ${fileId} GROUP BY l.currency),
    apart AS (
      SELECT o.currency, sum(CASE l.kind WHEN 'capture' THEN 1 WHEN 'refund' THEN -1 ELSE 0 END * o.amount) AS ours
      FROM odd JOIN settlement_lines l ON l.file_id = ${fileId} AND l.line = odd.line
      JOIN operations o ON o.id = l.operation_id GROUP BY o.currency)
    SELECT currency, coalesce(theirs, 0)::text AS theirs, coalesce(matched, 0)::text AS matched,
      (coalesce(matched, 0) + coalesce(ours, 0))::text AS ours, coalesce(lines, 0) AS lines, coalesce(found, 0) AS found
    FROM sums FULL JOIN apart USING (currency) ORDER BY currency`;
}

async function differencesOf(tx: RawSql, file: File, { from, to }: Due): Promise<Record<string, number>> {
  const rows = await tx<{ kind: string; many: number }[]>`
    SELECT kind, count(*)::int AS many FROM discrepancies
    WHERE leg = 'settlement' AND file_id = ${file.id} GROUP BY kind
    UNION ALL
    SELECT d.kind, count(*)::int FROM discrepancies d JOIN operations o ON o.id = d.operation_id
    WHERE d.kind = 'missing_at_provider' AND d.ended_at IS NULL AND d.provider = ${file.provider}
      AND o.closed_at >= ${from} AND o.closed_at < ${to}
    GROUP BY d.kind`;
  return Object.fromEntries(rows.map(({ kind, many }) => [kind, many]));
}
