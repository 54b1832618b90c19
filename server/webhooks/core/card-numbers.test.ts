import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { withoutCardNumbers } from './card-numbers.ts';

const inBytes = (text: string, encoding: BufferEncoding = 'utf8') => Buffer.from(text, encoding).toString('latin1');

test('a card number is blacked out whatever parts its groups', () => {
  const separators = [
    '',
    ' ',
    '-',
    '.',
    '_',
    '+',
    '/',
    '*',
    '  ',
    ' - ',
    '\t',
    '\u00a0',
    '\u2009',
    '–',
    '—',
    '·',
    '\ufeff',
  ];
  for (const parted of [...separators, '\\u0020', '\\u00A0', '\\t', '%20', '%C2%A0', '&', '\\u2013 ']) {
    const number = ['4242', '4242', '4242', '4242'].join(parted);
    for (const text of [number, inBytes(number)])
      assert.doesNotMatch(withoutCardNumbers(`{"card":"${text}","amount":1250}`), /4242/, JSON.stringify(parted));
  }
  assert.equal(withoutCardNumbers(inBytes('4242424242424242', 'utf16le')), '[redacted]\0');
  assert.doesNotMatch(withoutCardNumbers('3782.822463.10005'), /8224/);
});

test('what is none stays: ids of ours, amounts beside times, groups of other values', () => {
  const ids = uuidv7({ now: systemClock.now, random: systemRandom });
  for (let n = 0; n < 2_000; n++) {
    const text = `{"key":"${ids()}-1","amount":1250,"created":1763726400,"ids":["cap_12","cap_13"]}`;
    assert.equal(withoutCardNumbers(text), text);
  }
});

test('the longest body takes no longer for being made of digits and what parts them', () => {
  const size = 256 * 1024;
  for (const piece of ['1', '1 ', '1.', '1........', '1%20', '1%', '\\u0020', '1\\', '0-', '12345678901x', '1%201%1'])
    for (const text of [piece.repeat(size / piece.length), `${piece.repeat(size / piece.length)}x`]) {
      const start = performance.now();
      withoutCardNumbers(text);
      assert.ok(performance.now() - start < 4_000, JSON.stringify(piece));
    }
});
