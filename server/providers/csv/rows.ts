import { StringDecoder } from 'node:string_decoder';
import { fieldsOf, type Separator } from './fields.ts';

/** A record, and where it begins: lines count from 1, also those within quotes. */
export interface Row {
  line: number;
  raw: string;
  fields: string[];
}

/** A line that is no record. Of a long one `raw` is the beginning. */
export interface Torn {
  line: number;
  raw: string;
  reason: string;
}

export type RowOrTorn = Row | Torn;

/** Characters of a record, lines of a record, characters kept of what is torn. */
const limits = { record: 65_536, lines: 20, kept: 2_000 };

interface Line {
  number: number;
  text: string;
  /** As it was, for a field that goes on in the next line. */
  ending: '\n' | '\r\n' | '';
}

/** Reads a CSV text as it comes: RFC 4180, LF or CRLF, a byte order mark or none. */
export interface RowReader {
  push(chunk: Buffer): RowOrTorn[];
  /** What is left at the end. */
  end(): RowOrTorn[];
  /** The number of the line that would come next. */
  next(): number;
}

/**
 * A line that breaks the rules is torn, and the next is read as if nothing had been: a quote that is never closed
 * takes no more than its own line with it. The first record says how many columns all others have. Empty lines are
 * left out. Memory holds a chunk and a record, whatever comes.
 *
 * @see RFC 4180
 */
export function makeRowReader(separator: Separator): RowReader {
  const decoder = new StringDecoder('utf8');
  const records = makeRecords(separator);
  let rest = '';
  let number = 1;
  let isFirst = true;
  /** Inside of a line that is too long already. */
  let skipping = false;

  function takeText(text: string): RowOrTorn[] {
    const found: RowOrTorn[] = [];
    const all = rest + text;
    let start = 0;
    for (let end = all.indexOf('\n'); end >= 0; end = all.indexOf('\n', start)) {
      takeLine(all.slice(start, end), '\n', found);
      start = end + 1;
    }
    rest = all.slice(start);
    if (rest.length > limits.record) {
      if (!skipping) found.push(...records.flush(), tooLong(number, rest));
      skipping = true;
      rest = '';
    }
    return found;
  }

  function takeLine(text: string, ending: Line['ending'], found: RowOrTorn[]) {
    if (skipping) skipping = false;
    else if (text.length > limits.record) found.push(...records.flush(), tooLong(number, text));
    else if (text.endsWith('\r')) records.take({ number, text: text.slice(0, -1), ending: '\r\n' }, found);
    else records.take({ number, text, ending }, found);
    number += 1;
  }

  return {
    push(chunk) {
      const text = decoder.write(chunk);
      if (!isFirst || text === '') return takeText(text);
      isFirst = false;
      return takeText(text.startsWith('\ufeff') ? text.slice(1) : text);
    },
    end() {
      const found = takeText(decoder.end());
      if (rest !== '') takeLine(rest, '', found);
      rest = '';
      return [...found, ...records.flush()];
    },
    next: () => number,
  };
}

/** Puts lines together to records. */
function makeRecords(separator: Separator) {
  let columns: number | undefined;
  /** Lines of a record whose quotes are still open. */
  let open: Line[] = [];

  function take(line: Line, found: RowOrTorn[]) {
    if (open.length === 0) {
      if (line.text === '') return;
      if (!line.text.includes('"')) return found.push(rowOf(line, line.text, line.text.split(separator)));
    }
    open.push(line);
    // Only a quote can close the record.
    if (!line.text.includes('"') && open.length < limits.lines) return;
    settle(found);
  }

  function settle(found: RowOrTorn[]) {
    const [first, ...others] = open;
    if (!first) return;
    const raw = textOf(open);
    const fields = fieldsOf(raw, separator);
    if (fields === 'open' && open.length < limits.lines && raw.length < limits.record) return;
    open = [];
    if (Array.isArray(fields) && (others.length === 0 || fields.length === columns)) {
      found.push(rowOf(first, raw, fields));
      return;
    }
    const reason =
      fields === 'misplaced' ? 'a quote stands where none may stand' : 'a quote is opened and never closed';
    found.push(torn(first.number, first.text, reason));
    for (const line of others) take(line, found);
  }

  function rowOf({ number }: Line, raw: string, fields: string[]): RowOrTorn {
    columns ??= fields.length;
    if (fields.length !== columns) {
      return torn(number, raw, `it has ${fields.length} columns, and the heading has ${columns}`);
    }
    if (/[\0\ufffd]/.test(raw)) return torn(number, raw, 'it is no text in UTF-8');
    return { line: number, raw, fields };
  }

  /** Nothing more comes for what is open. */
  function flush(): RowOrTorn[] {
    const found: RowOrTorn[] = [];
    while (open.length > 0) {
      const [first, ...others] = open;
      open = [];
      if (first) found.push(torn(first.number, first.text, 'a quote is opened and never closed'));
      for (const line of others) take(line, found);
    }
    return found;
  }

  return { take, flush };
}

function textOf(lines: readonly Line[]): string {
  return lines.map(({ text, ending }, at) => (at === lines.length - 1 ? text : `${text}${ending}`)).join('');
}

function tooLong(number: number, text: string): Torn {
  return torn(number, text, `it is longer than ${limits.record} characters`);
}

function torn(line: number, raw: string, reason: string): Torn {
  // A NUL is the one character that PostgreSQL cannot hold.
  return { line, raw: raw.slice(0, limits.kept).replaceAll('\0', '\ufffd'), reason };
}
