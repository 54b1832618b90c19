import { Refusal } from '#server/kernel/refusal.ts';
import type { Separator } from './fields.ts';
import { makeRowReader, type Row, type RowOrTorn, type Torn } from './rows.ts';

/** Thrown by whoever reads a row: the line is quarantined with this sentence. */
export class BadField extends Error {}

/** A report's lines after its heading. */
export interface ReportBody<L> {
  /** @throws BadField. Undefined where the row says nothing, such as a report's last. */
  line(row: Row): L | undefined;
  /** Why the report is not whole, once nothing more comes. */
  missing?(): string | undefined;
}

/** Bytes that are taken apart at once: their rows are gone before they grow old in memory. */
const piece = 32_768;

/**
 * A reader of reports in CSV.
 *
 * @param begin  Reads the heading. @throws Refusal `invalid_input` where it is another one.
 */
export function readingReport<L>(separator: Separator, begin: (heading: string[]) => ReportBody<L>) {
  return async function* read(chunks: AsyncIterable<Buffer> | Iterable<Buffer>): AsyncGenerator<L | Torn> {
    const rows = makeRowReader(separator);
    let body: ReportBody<L> | undefined;
    function* lines(found: readonly RowOrTorn[]): Generator<L | Torn> {
      for (const row of found) {
        if (!body) {
          body = begin('fields' in row ? row.fields : [row.raw]);
          continue;
        }
        const line = 'fields' in row ? lineOf(body, row) : row;
        if (line) yield line;
      }
    }
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += piece) yield* lines(rows.push(chunk.subarray(at, at + piece)));
    }
    yield* lines(rows.end());
    if (!body) throw new Refusal('invalid_input', 'The file is empty.', { param: 'file' });
    const reason = body.missing?.();
    if (reason) yield { line: rows.next(), raw: '', reason };
  };
}

function lineOf<L>(body: ReportBody<L>, row: Row): L | Torn | undefined {
  try {
    return body.line(row);
  } catch (error) {
    if (!(error instanceof BadField)) throw error;
    return { line: row.line, raw: row.raw.slice(0, 2_000), reason: error.message };
  }
}

/** @throws Refusal `invalid_input` that names both headings. */
export function requireHeading(heading: readonly string[], expected: readonly string[], separator: Separator): void {
  const [found, wanted] = [heading.join(separator), expected.join(separator)];
  if (found === wanted) return;
  throw new Refusal('invalid_input', `The heading must be "${wanted}", and is "${found.slice(0, 200)}".`, {
    param: 'file',
  });
}
