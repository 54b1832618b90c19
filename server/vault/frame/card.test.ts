import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  brandOf,
  codeFault,
  digitsOf,
  expiryFault,
  formatNumber,
  numberFault,
  passesLuhn,
  readExpiry,
} from './card.ts';
import { formatExpiry } from './expiry.ts';

const table = <I, O>(name: string, rows: [I, O][], fn: (input: I) => O) =>
  test(name, () => {
    for (const [input, output] of rows) assert.deepEqual(fn(input), output, `for ${JSON.stringify(input)}`);
  });

table(
  'brands are told by their first digits, as early as they can be',
  [
    ['', undefined],
    ['4', 'visa'],
    ['5', undefined],
    ['51', 'mastercard'],
    ['56', undefined],
    ['2220', undefined],
    ['2221', 'mastercard'],
    ['2720', 'mastercard'],
    ['2721', undefined],
    ['34', 'amex'],
    ['37', 'amex'],
    ['300', 'diners'],
    ['3095', 'diners'],
    ['36', 'diners'],
    ['6011', 'discover'],
    ['65', 'discover'],
    ['3528', 'jcb'],
    ['3589', 'jcb'],
    ['62', 'unionpay'],
  ],
  brandOf,
);

table(
  'numbers are grouped as they are printed',
  [
    ['4242424242424242', '4242 4242 4242 4242'],
    ['42424', '4242 4'],
    ['4242', '4242'],
    ['378282246310005', '3782 822463 10005'],
    ['36227206271667', '3622 720627 1667'],
    ['3056930009020004', '3056 9300 0902 0004'],
    ['6200000000000000005', '6200 0000 0000 0000 005'],
  ],
  formatNumber,
);

table(
  'a number is missing, unfinished, wrong or of a brand that is not taken',
  [
    ['', 'number_missing'],
    ['4', 'number_incomplete'],
    ['9', 'number_incomplete'],
    ['9999', 'number_unsupported'],
    ['424242424242424', 'number_incomplete'],
    ['4242424242424241', 'number_invalid'],
    ['42424242424242424', 'number_invalid'],
    ['4242424242424242', undefined],
    ['4222222222222', undefined],
    ['378282246310005', undefined],
    ['36227206271667', undefined],
    ['3056930009020004', undefined],
  ],
  numberFault,
);

test('digits of other scripts are digits', () => {
  assert.equal(digitsOf('٤٢٤٢ 4242-۴۲۴۲'), '424242424242');
  assert.equal(digitsOf('４２'), '42');
});

test('the check digit finds every wrong digit and every swap of two neighbours but 09', () => {
  const good = '4242424242424242';
  for (let at = 0; at < good.length; at++) {
    for (const digit of '0123456789') {
      const bad = good.slice(0, at) + digit + good.slice(at + 1);
      assert.equal(passesLuhn(bad), bad === good, bad);
    }
  }
  assert.equal(passesLuhn('2424242424242424'), false);
});

table(
  'an expiry date is written alike however it comes',
  [
    ['', ''],
    ['0', '0'],
    ['1', '1'],
    ['2', '02 / '],
    ['12', '12 / '],
    ['13', '01 / 3'],
    ['1/', '01 / '],
    ['1/29', '01 / 29'],
    ['1 29', '01 / 29'],
    ['01/2029', '01 / 29'],
    ['0129', '01 / 29'],
    ['012029', '01 / 29'],
    ['01 / 20', '01 / 20'],
    ['01 / 202', '01 / 202'],
    ['01 / 2029', '01 / 29'],
    ['01 / 293', '01 / 29'],
    ['12.29', '12 / 29'],
    ['12-29', '12 / 29'],
    ['2029-12', '12 / 29'],
    ['13/29', '13 / 29'],
  ],
  (text: string) => formatExpiry(text),
);

test('a separator can be deleted', () => {
  assert.equal(formatExpiry('12 /', { deleting: true }), '12');
  assert.equal(formatExpiry('12 / ', { deleting: true }), '12');
  assert.equal(formatExpiry('12 / 2', { deleting: true }), '12 / 2');
});

test('a card is good to the end of its month, and for twenty years at most', () => {
  const fault = (text: string, now: string) => {
    const expiry = readExpiry(text);
    assert(expiry);
    return expiryFault(expiry, new Date(now));
  };
  assert.equal(fault('11 / 26', '2026-11-30T23:59:59Z'), undefined);
  assert.equal(fault('11 / 26', '2026-12-01T11:00:00Z'), undefined, 'in Hawaii it is still November');
  assert.equal(fault('11 / 26', '2026-12-01T13:00:00Z'), 'expiry_past');
  assert.equal(fault('11 / 46', '2026-11-21T00:00:00Z'), undefined);
  assert.equal(fault('11 / 95', '2026-11-21T00:00:00Z'), 'expiry_far');
  assert.equal(fault('13 / 29', '2026-11-21T00:00:00Z'), 'expiry_month');
  assert.equal(fault('00 / 29', '2026-11-21T00:00:00Z'), 'expiry_month');
  assert.equal(readExpiry('01 / 2'), undefined);
  assert.equal(readExpiry('01'), undefined);
});

test('a code is as long as its brand says', () => {
  assert.equal(codeFault('123', 'visa'), undefined);
  assert.equal(codeFault('1234', 'visa'), 'cvc_incomplete');
  assert.equal(codeFault('123', 'amex'), 'cvc_incomplete');
  assert.equal(codeFault('1234', 'amex'), undefined);
  assert.equal(codeFault('1234', undefined), undefined);
  assert.equal(codeFault('', 'visa'), 'cvc_missing');
});
