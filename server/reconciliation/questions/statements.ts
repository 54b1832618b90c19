import type { RawSql } from '#db/client.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { paged } from './lines.ts';
import type { Sight } from './sight.ts';
import type { BankLineRow, Page, StatementRow } from './view.ts';

interface Stored extends Omit<BankLineRow, 'payout'> {
  payoutFileId: string | null;
  payoutLine: number | null;
}

/** Bank statements, the latest first: a bank's account holds all merchants' payouts, so they are for who sees all. */
export async function listStatements(
  sql: RawSql,
  { whole }: Sight,
  { after, limit }: { after?: string; limit: number },
): Promise<Page<StatementRow>> {
  if (!whole) return { rows: [], next: null };
  const rows = await sql<StatementRow[]>`
    ${selected(sql)} ${after ? sql`WHERE s.id < ${after}` : sql``} ORDER BY s.id DESC LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit);
  return { rows: page, next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** @throws Refusal `not_found`. */
export async function statementById(sql: RawSql, { whole }: Sight, id: string): Promise<StatementRow> {
  const [row] = whole ? await sql<StatementRow[]>`${selected(sql)} WHERE s.id = ${id}` : [];
  if (!row) throw new Refusal('not_found', 'No such statement.');
  return row;
}

export async function listBankLines(
  sql: RawSql,
  { whole }: Sight,
  { statementId, after, limit }: { statementId: string; after?: number; limit: number },
): Promise<Page<BankLineRow, number>> {
  if (!whole) return { rows: [], next: null };
  const rows = await sql<Stored[]>`
    SELECT ${columns(sql)} FROM bank_lines WHERE statement_id = ${statementId} AND line > ${after ?? 0}
    ORDER BY line LIMIT ${limit + 1}`;
  return paged(rows.map(shown), limit);
}

/** One entry, or null where it is not the reader's. */
export async function bankLineAt(
  sql: RawSql,
  { whole }: Sight,
  { statementId, line }: { statementId: string; line: number },
): Promise<BankLineRow | null> {
  if (!whole) return null;
  const [row] = await sql<Stored[]>`
    SELECT ${columns(sql)} FROM bank_lines WHERE statement_id = ${statementId} AND line = ${line}`;
  return row ? shown(row) : null;
}

function selected(sql: RawSql) {
  return sql`
    SELECT s.id, s.name, s.format, s.received_at AS "receivedAt", s.lines, s.matched_at AS "matchedAt", (
      SELECT count(*)::int FROM bank_lines b WHERE b.statement_id = s.id AND b.payout_file_id IS NOT NULL) AS matched
    FROM bank_statements s`;
}

function columns(sql: RawSql) {
  return sql`statement_id AS "statementId", line, booked_on::text AS "bookedOn", amount, currency, remittance, raw,
    payout_file_id AS "payoutFileId", payout_line AS "payoutLine"`;
}

function shown({ payoutFileId: fileId, payoutLine: line, ...row }: Stored): BankLineRow {
  return { ...row, payout: fileId !== null && line !== null ? { fileId, line } : null };
}
