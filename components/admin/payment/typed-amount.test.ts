import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAmount } from './typed-amount.ts';

const euro = { most: 2750n, currency: 'EUR' } as const;

test('what is typed is read to the cent', () => {
  for (const [text, value] of [
    ['12.5', 1250n],
    [' 27.50 ', 2750n],
    ['0.01', 1n],
  ] as const) {
    assert.deepEqual(readAmount(text, euro), { value, error: undefined });
  }
  assert.equal(readAmount('500', { most: 5400n, currency: 'JPY' }).value, 500n);
  assert.equal(readAmount('1.5', { most: 5400n, currency: 'KWD' }).value, 1500n);
});

test('what cannot be taken is said in words and has no value', () => {
  for (const [text, says] of [
    ['27.51', 'At most €27.50 is left.'],
    ['0', 'Write an amount above zero.'],
    ['1,50', 'Write the amount in EUR like this: 12.50.'],
    ['1.234', 'Write the amount in EUR like this: 12.50.'],
    ['-1', 'Write the amount in EUR like this: 12.50.'],
    ['1e2', 'Write the amount in EUR like this: 12.50.'],
  ] as const) {
    assert.deepEqual(readAmount(text, euro), { value: undefined, error: says });
  }
});

test('an empty field is not wrong yet, and sends nothing', () => {
  assert.deepEqual(readAmount(' ', euro), { value: undefined, error: undefined });
});
