import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Cell, csvLine, pagesOf, type Row, written } from './export.ts';

for (const text of ['=1+1', '+1', '-1', '@sum(a1)', '\tx', '\rx', "=cmd|' /c calc'!a0"])
  test(`a spreadsheet does not take ${JSON.stringify(text)} for a formula`, () => {
    const [cell] = parsed(csvLine([text]));
    assert.equal(cell?.[0], `'${text}`);
  });

test('amounts keep their sign, for a spreadsheet has to add them up', () => {
  const cells: Cell[] = [{ amount: -5n, currency: 'EUR' }, { amount: 1234n, currency: 'JPY' }, 7, null];
  assert.equal(csvLine(cells), '-0.05,1234,7,\r\n');
});

test('what is written as CSV is read again, whatever stands in it', () => {
  const cells = ['a,b', 'a"b', 'two\nlines', ' space ', '', 'é'];
  assert.deepEqual(parsed(csvLine(cells)), [cells]);
});

test('pages are asked for one after the other and written as one document', async () => {
  const asked: (number | undefined)[] = [];
  const pages = () =>
    pagesOf(async (after: number | undefined) => {
      asked.push(after);
      const from = after ?? 0;
      return { rows: from < 4 ? [{ n: from + 1 }, { n: from + 2 }] : [], next: from < 4 ? from + 2 : null };
    });
  const columns = ['n', 'at'];
  assert.equal(await whole(written(pages(), { columns, format: 'csv' })), 'n,at\r\n1,\r\n2,\r\n3,\r\n4,\r\n');
  assert.deepEqual(asked, [undefined, 2, 4]);
  const json = JSON.parse(await whole(written(pages(), { columns, format: 'json' })));
  assert.deepEqual(json[3], { n: 4, at: null });
  const none = written(
    (async function* (): AsyncGenerator<Row[]> {
      yield [];
    })(),
    { columns, format: 'json' },
  );
  assert.deepEqual(JSON.parse(await whole(none)), []);
});

async function whole(parts: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const part of parts) text += part;
  return text;
}

/** Reads CSV by RFC 4180: what is in quotes, and what is not. */
function parsed(csv: string): string[][] {
  const fields = /(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r\n)/g;
  const lines: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(fields)) {
    lines.at(-1)?.push(quoted?.replaceAll('""', '"') ?? plain ?? '');
    if (end === '\r\n') lines.push([]);
  }
  return lines.filter((line) => line.length > 0);
}
