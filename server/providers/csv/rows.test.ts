import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeRowReader, type RowOrTorn } from './rows.ts';

function read(text: string | Buffer, size = 1 << 16): RowOrTorn[] {
  const reader = makeRowReader(',');
  const bytes = Buffer.from(text);
  const found: RowOrTorn[] = [];
  for (let at = 0; at < bytes.length; at += size) found.push(...reader.push(bytes.subarray(at, at + size)));
  return [...found, ...reader.end()];
}

const short = (rows: readonly RowOrTorn[]) =>
  rows.map((row) => ('fields' in row ? [row.line, ...row.fields] : [row.line, row.reason]));

test('quotes, doubled quotes, CRLF, a byte order mark, line feeds in quotes, empty lines: in chunks of any size', () => {
  const text = '\ufeffa,b\r\n"1,""x""","2\r\n\r\n3"\n\n4,é😀\n\n"",\n5,"6"';
  const expected = [
    [1, 'a', 'b'],
    [2, '1,"x"', '2\r\n\r\n3'],
    [6, '4', 'é😀'],
    [8, '', ''],
    [9, '5', '6'],
  ];
  for (const size of [1, 2, 3, 7, 1_000]) assert.deepEqual(short(read(text, size)), expected, `chunks of ${size}`);
});

test('a quote that is never closed takes its own line alone, wherever it stands', () => {
  const lines = Array.from({ length: 100 }, (_, at) => (at % 30 === 10 ? `"x${at},y` : `${at},y`));
  const found = read(`a,b\n${lines.join('\n')}\n`);
  assert.equal(found.length, 101);
  const torn = found.filter((row) => !('fields' in row));
  assert.deepEqual(
    torn.map(({ line, raw }) => [line, raw]),
    [12, 42, 72].map((line) => [line, `"x${line - 2},y`]),
  );
});

test('a quote that another line’s quote would close takes no whole line with it', () => {
  const found = short(read('a,b\n"1,2\n3,"4"\n5,6\n'));
  assert.deepEqual(found, [
    [1, 'a', 'b'],
    [2, 'a quote stands where none may stand'],
    [3, '3', '4'],
    [4, '5', '6'],
  ]);
});

test('a line of many megabytes is torn once, held nowhere, and the next is read', () => {
  const before = process.memoryUsage().arrayBuffers;
  const reader = makeRowReader(',');
  const found = [...reader.push(Buffer.from('a,b\n1,'))];
  const chunk = Buffer.alloc(1 << 20, 'x');
  for (let at = 0; at < 200; at++) found.push(...reader.push(chunk));
  found.push(...reader.push(Buffer.from('\n2,3\n')), ...reader.end());
  assert.deepEqual(short(found), [
    [1, 'a', 'b'],
    [2, 'it is longer than 65536 characters'],
    [3, '2', '3'],
  ]);
  const [, torn] = found;
  assert.ok((torn?.raw.length ?? 0) <= 2_000);
  assert.ok(process.memoryUsage().arrayBuffers - before < 20_000_000);
});

test('a megabyte of opened quotes is over soon', () => {
  const before = process.cpuUsage();
  const found = read(`a,b\n${'"\n'.repeat(250_000)}${'"x\n'.repeat(150_000)}`);
  assert.ok(found.length > 100_000);
  assert.ok(process.cpuUsage(before).user < 10_000_000, 'microseconds of the processor');
});

test('bytes that are no UTF-8, and NULs, are torn and can be stored', () => {
  const text = Buffer.concat([Buffer.from('a,b\n1,'), Buffer.from([0xff, 0xfe]), Buffer.from('\n2,\0\n3,4\n')]);
  const found = read(text);
  assert.deepEqual(short(found).slice(1), [
    [2, 'it is no text in UTF-8'],
    [3, 'it is no text in UTF-8'],
    [4, '3', '4'],
  ]);
  for (const { raw } of found) assert.ok(!raw.includes('\0'));
});
