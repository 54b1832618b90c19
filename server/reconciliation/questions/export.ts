import type { Currency } from '#server/kernel/money.ts';
import { plainAmount } from '#server/kernel/money.ts';

/** A value of an exported row. Money is minor units with its currency; written as a decimal. */
export type Cell = string | number | Date | Money | null;

interface Money {
  amount: bigint;
  currency: Currency;
}

export type Row = Record<string, Cell>;
export type ExportFormat = 'csv' | 'json';

/**
 * Writes rows as they come: memory holds one page of them.
 *
 * @param columns  Names and order of the columns; a row may leave some out.
 */
export async function* written(
  pages: AsyncIterable<Row[]>,
  { columns, format }: { columns: readonly string[]; format: ExportFormat },
): AsyncGenerator<string> {
  let rows = 0;
  if (format === 'csv') yield `${columns.join(',')}\r\n`;
  else yield '[';
  for await (const page of pages) {
    if (page.length === 0) continue;
    if (format === 'csv') yield page.map((row) => csvLine(columns.map((name) => row[name] ?? null))).join('');
    else yield `${rows > 0 ? ',' : ''}\n${page.map((row) => JSON.stringify(plainRow(columns, row))).join(',\n')}`;
    rows += page.length;
  }
  if (format === 'json') yield '\n]\n';
}

/**
 * One line of CSV. A spreadsheet takes text that begins with one of = + - @, a tab or a carriage return for a formula,
 * which a provider's file could so plant: such text gets a quote before it. Numbers and amounts are ours and stay.
 *
 * @see RFC 4180; OWASP, "CSV Injection".
 */
export function csvLine(cells: Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(cell: Cell): string {
  const value = plain(cell);
  if (value === null) return '';
  const text = String(value);
  const safe = typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== safe.trim() ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plainRow(columns: readonly string[], row: Row) {
  return Object.fromEntries(columns.map((name) => [name, plain(row[name] ?? null)]));
}

function plain(cell: Cell): string | number | null {
  if (cell === null || typeof cell === 'string' || typeof cell === 'number') return cell;
  if (cell instanceof Date) return cell.toISOString();
  const { amount, currency } = cell;
  return amount < 0n ? `-${plainAmount({ amount: -amount, currency })}` : plainAmount({ amount, currency });
}

/** Asks for page after page until there is none: no connection is held while somebody reads slowly. */
export async function* pagesOf<Item, Key>(
  ask: (after: Key | undefined) => Promise<{ rows: Item[]; next: Key | null }>,
): AsyncGenerator<Item[]> {
  let after: Key | undefined;
  do {
    const { rows, next } = await ask(after);
    yield rows;
    after = next ?? undefined;
  } while (after !== undefined);
}
