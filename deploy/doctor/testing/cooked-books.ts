import type { JournalLine } from '#simulation/judge/evidence.ts';
import { shown } from '#simulation/judge/shown.ts';
import type { Corruption, Healthy } from './corruption.ts';
import { settledCorruptions } from './settled-corruptions.ts';

/** An acquirer's line with the acquirer's name. */
export type Line = JournalLine & { provider: string };

/** How books, or the database beside them, are made to differ: one for each invariant between the two. */
export const cookedBooks: Record<string, { books(lines: Line[], of: Healthy): Line[] } | { database: Corruption }> = {
  // The other acquirer holds money for the same payment.
  I1c: {
    books: (lines, { captured }) => [
      ...lines,
      ...lines
        .filter(is(captured, 'authorization'))
        .map((line) => ({ ...line, provider: 'birch', ...named('auth_2') })),
    ],
  },
  I2d: { books: (lines, { captured }) => changed(lines, is(captured, 'capture'), { amount: 5_001 }) },
  I3b: {
    books: (lines, { captured }) => [
      ...lines,
      ...lines.filter(is(captured, 'capture')).map((line): Line => ({ ...line, kind: 'void', id: 'void_2' })),
    ],
  },
  I6a: {
    database: (sql, { captured }) => sql`DELETE FROM operations WHERE payment_id = ${captured.id} AND kind = 'capture'`,
  },
  I7c: { books: (lines, { captured }) => lines.filter((line) => !is(captured, 'capture')(line)) },
  I7d: {
    database: (sql, { parted }) =>
      sql`UPDATE operations SET status = 'refused' WHERE payment_id = ${parted.id} AND kind = 'refund'`,
  },
  I7e: { books: (lines, { parted }) => changed(lines, is(parted, 'refund'), { amount: 1_001 }) },
  // Declined, as we were told, and held all the same.
  I9c: {
    books: (lines, { authorized, failed }) => [
      ...lines,
      ...lines
        .filter(is(authorized, 'authorization'))
        .map((line) => ({ ...line, ...named('auth_3'), reference: shown('payment', failed.id) })),
    ],
  },
  I7g: { database: settledCorruptions.I7g },
};

function is({ id }: { id: string }, kind: Line['kind']): (line: Line) => boolean {
  const reference = shown('payment', id);
  return (line) => line.reference === reference && line.kind === kind;
}

function changed(lines: Line[], which: (line: Line) => boolean, fields: Partial<Line>): Line[] {
  return lines.map((line) => (which(line) ? { ...line, ...fields } : line));
}

function named(id: string) {
  return { id, authorization: id };
}
