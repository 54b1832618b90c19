import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FilterInput, filterOf } from './payment-filter.ts';
import { refusalIn } from './refused.ts';

const code = (work: () => unknown) => {
  try {
    return work();
  } catch (error) {
    return refusalIn(error)?.code;
  }
};

test('an amount without a currency means the merchant’s own, and only payments in it', () => {
  assert.deepEqual(filterOf({ min: '10', max: '12.50' }, 'EUR'), {
    currency: 'EUR',
    amountFrom: 1000n,
    amountTo: 1250n,
  });
  assert.deepEqual(filterOf({ min: '500', currency: 'jpy' }, 'EUR'), { currency: 'JPY', amountFrom: 500n });
});

test('days are whole, in UTC', () => {
  const { createdFrom, createdTo } = filterOf({ from: '2026-11-21', to: '2026-11-21' }, 'EUR');
  assert.deepEqual(
    [createdFrom?.toISOString(), createdTo?.toISOString()],
    ['2026-11-21T00:00:00.000Z', '2026-11-21T23:59:59.999Z'],
  );
});

test('what no payment can have is refused in words', () => {
  assert.equal(
    code(() => filterOf({ min: '1e3' }, 'EUR')),
    'amount_invalid',
  );
  assert.equal(
    code(() => filterOf({ state: ['paid'] }, 'EUR')),
    'invalid_input',
  );
  assert.equal(
    code(() => filterOf({ currency: 'XXX' }, 'EUR')),
    'currency_unsupported',
  );
  for (const bad of [{ from: '2026-02-30' }, { last4: '42' }, { colour: 'red' }, { q: 'x'.repeat(300) }]) {
    assert.ok(!FilterInput.safeParse(bad).success, JSON.stringify(bad));
  }
});

test('no filter asks for everything', () => {
  assert.deepEqual(filterOf({}, 'EUR'), {});
});
