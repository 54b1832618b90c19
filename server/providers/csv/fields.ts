export type Separator = ',' | ';';

/**
 * The fields of one record.
 *
 * @returns `open` where a quote is not closed, so that the record may go on in the next line; `misplaced` where a quote
 *          stands in the midst of a field that has none around it, or something after the one that closes it.
 * @see RFC 4180, 2.5 to 2.7
 */
export function fieldsOf(record: string, separator: Separator): string[] | 'open' | 'misplaced' {
  const fields: string[] = [];
  for (let at = 0; ; ) {
    let end: number;
    if (record[at] === '"') {
      const close = closingQuote(record, at + 1);
      if (close < 0) return 'open';
      fields.push(record.slice(at + 1, close).replaceAll('""', '"'));
      end = close + 1;
      if (end < record.length && record[end] !== separator) return 'misplaced';
    } else {
      const next = record.indexOf(separator, at);
      end = next < 0 ? record.length : next;
      const field = record.slice(at, end);
      if (field.includes('"')) return 'misplaced';
      fields.push(field);
    }
    if (end >= record.length) return fields;
    at = end + 1;
  }
}

function closingQuote(record: string, from: number): number {
  for (let at = record.indexOf('"', from); at >= 0; at = record.indexOf('"', at + 2)) {
    if (record[at + 1] !== '"') return at;
  }
  return -1;
}
