import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readable } from './readable.ts';

test('JSON is shown with a line to each value, anything else as it came', () => {
  assert.equal(
    readable('{"id":"evt_1","data":{"amount":1}}'),
    '{\n  "id": "evt_1",\n  "data": {\n    "amount": 1\n  }\n}',
  );
  for (const other of ['', 'a=1&b=2', '{"cut":"of']) assert.equal(readable(other), other);
});

test('no body grows to more than four times its length', () => {
  const brackets = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const lists = `[${Array.from({ length: 200 }, () => brackets(19)).join(',')}]`;
  const crooked = `["${']'.repeat(4_000)}",${brackets(4_000)}]`;
  for (const body of [brackets(4_096), brackets(50), brackets(131_072), lists, crooked, '{"a":'.repeat(2_000)])
    assert.ok(readable(body).length <= 4 * body.length, body.slice(0, 20));
});
