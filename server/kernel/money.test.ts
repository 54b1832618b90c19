import assert from 'node:assert/strict';
import { test } from 'node:test';
import { currencies, formatMoney, isCurrency, parseMoney, plainAmount, requireCurrency } from './money.ts';

test('an amount is read exactly, with the decimals of its currency', () => {
  assert.equal(parseMoney('12.34', 'EUR').amount, 1234n);
  assert.equal(parseMoney('12.3', 'EUR').amount, 1230n);
  assert.equal(parseMoney('500', 'JPY').amount, 500n);
  assert.equal(parseMoney('1.5', 'KWD').amount, 1500n);
  assert.equal(parseMoney('0.29', 'EUR').amount, 29n);
});

test('a sign, an exponent, a digit too many or nothing at all is refused, not rounded', () => {
  for (const text of ['-1', '+1', '1e3', '1.234', '', '.', '1.', '1,50', ' 1 2', '٣', '0x10', 'NaN']) {
    assert.throws(() => parseMoney(text, 'EUR'), { code: 'amount_invalid' }, text);
  }
  assert.throws(() => parseMoney('1.0', 'JPY'), { code: 'amount_invalid' });
});

test('what is written as plain text reads back as the same amount, in every currency', () => {
  for (const currency of Object.keys(currencies).filter(isCurrency)) {
    for (const amount of [0n, 1n, 99n, 100n, 1_234_567n]) {
      assert.equal(parseMoney(plainAmount({ amount, currency }), currency).amount, amount);
    }
  }
});

test('amounts are shown as people write them', () => {
  assert.equal(formatMoney({ amount: 1250n, currency: 'EUR' }), '€12.50');
  assert.equal(formatMoney({ amount: 500n, currency: 'JPY' }), '¥500');
  assert.equal(formatMoney({ amount: 1_234_567n, currency: 'USD' }), '$12,345.67');
  assert.match(formatMoney({ amount: 1500n, currency: 'KWD' }), /1\.500/);
});

test('a currency is taken in either case, and an unknown one is refused', () => {
  assert.equal(requireCurrency('eur'), 'EUR');
  assert.throws(() => requireCurrency('xyz'), { code: 'currency_unsupported' });
  assert.throws(() => requireCurrency('constructor'), { code: 'currency_unsupported' });
});
