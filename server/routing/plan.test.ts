import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Candidate, plan } from './plan.ts';

const wish = { amount: 1000n, currency: 'EUR' as const, brand: 'visa' };
const named = (name: string, fields: Partial<Candidate> = {}): Candidate => ({
  name,
  currencies: [],
  healthy: true,
  ...fields,
});

test('providers are tried in the configured order, healthy ones first', () => {
  assert.deepEqual(plan(wish, [named('a'), named('b')]).providers, ['a', 'b']);
  assert.deepEqual(plan(wish, [named('a', { healthy: false }), named('b')]).providers, ['b', 'a']);
});

test('a provider that does not take the currency is not tried', () => {
  assert.deepEqual(plan(wish, [named('a', { currencies: ['USD'] }), named('b', { currencies: ['EUR'] })]).providers, [
    'b',
  ]);
  assert.throws(() => plan(wish, [named('a', { currencies: ['USD'] })]), /takes EUR/);
});

test('with none healthy the first is tried all the same, and the timeline says so', () => {
  const { providers, reason } = plan(wish, [named('a', { healthy: false })]);
  assert.deepEqual([providers, reason], [['a'], 'a: no provider is healthy; first in order']);
});
