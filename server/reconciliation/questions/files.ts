import type { RawSql } from '#db/client.ts';
import { type Currency, isCurrency } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Sight, seenBy } from './sight.ts';
import type { DifferenceKind, FileRow, Page, Totals } from './view.ts';

/** A column of the runs: minor units as text, by currency. */
type StoredTotals = Record<string, { theirs: string; ours: string; matched: string }>;

interface Stored extends Omit<FileRow, 'counts' | 'differences' | 'totals'> {
  lines: number;
  quarantined: number;
  matched: number | null;
  toMatch: number | null;
  found: Partial<Record<DifferenceKind, number>> | null;
  totals: StoredTotals | null;
}

export interface FilesInput {
  provider?: string;
  /** The last id of the page before. */
  after?: string;
  limit: number;
}

/** Files with their runs, the latest taken in first. */
export async function listFiles(
  sql: RawSql,
  sight: Sight,
  { provider, after, limit }: FilesInput,
): Promise<Page<FileRow>> {
  const most = Math.min(limit, 100);
  const rows = await sql<Stored[]>`
    ${selected(sql, sight)}
    WHERE true ${provider ? sql`AND f.provider = ${provider}` : sql``} ${after ? sql`AND f.id < ${after}` : sql``}
    ORDER BY f.id DESC LIMIT ${most + 1}`;
  const page = rows.slice(0, most);
  return {
    rows: page.map((row) => fileRow(row, sight)),
    next: rows.length > most ? (page.at(-1)?.id ?? null) : null,
  };
}

/** @throws Refusal `not_found`. */
export async function fileById(sql: RawSql, sight: Sight, id: string): Promise<FileRow> {
  const [row] = await sql<Stored[]>`${selected(sql, sight)} WHERE f.id = ${id}`;
  if (!row) throw new Refusal('not_found', 'No such file.');
  return fileRow(row, sight);
}

function selected(sql: RawSql, sight: Sight) {
  return sql`
    SELECT f.id, f.provider, f.name, f.day::text AS day, f.source, f.status, f.received_at AS "receivedAt",
      f.read_at AS "readAt", f.matched_at AS "matchedAt", f.posted_at AS "postedAt", f.lines, f.quarantined,
      r.matched, ${toMatch(sql)} AS "toMatch", r.differences AS found, r.totals, (
        SELECT count(*)::int FROM discrepancies
        WHERE leg = 'settlement' AND file_id = f.id AND ended_at IS NULL AND ${seenBy(sql, sight)}) AS open
    FROM settlement_files f LEFT JOIN reconciliation_runs r ON r.file_id = f.id`;
}

/** Of a run `r`: lines with nothing of ours behind them, or for a second time, and lines that nobody could read. */
export function toMatch(sql: RawSql) {
  return sql`(r.matched + r.quarantined + coalesce((r.differences ->> 'missing_here')::int, 0)
    + coalesce((r.differences ->> 'duplicate')::int, 0))`;
}

/** What all merchants' lines come to is kept from whoever may not see the file whole. */
function fileRow(stored: Stored, { whole }: Sight): FileRow {
  const { lines, quarantined, matched, toMatch: due, found, totals, ...row } = stored;
  if (!whole) return { ...row, counts: null, differences: {}, totals: [] };
  const matching = matched === null || due === null ? null : { toMatch: due, matched };
  return { ...row, counts: { lines, quarantined, matching }, differences: found ?? {}, totals: totalsOf(totals) };
}

function totalsOf(stored: StoredTotals | null): Totals[] {
  return Object.entries(stored ?? {})
    .filter((entry): entry is [Currency, StoredTotals[string]] => isCurrency(entry[0]))
    .map(([currency, { theirs, ours, matched }]) => ({
      currency,
      theirs: BigInt(theirs),
      ours: BigInt(ours),
      matched: BigInt(matched),
    }));
}
