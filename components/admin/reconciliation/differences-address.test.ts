import assert from 'node:assert/strict';
import { test } from 'node:test';
import { differencesAddress, readDifferenceFilters, withFilter } from './differences-address.ts';

test('an address holds its filters, and gives them back', () => {
  const filters = { kind: 'fee', state: 'ended', mine: '1' };
  const { searchParams } = new URL(differencesAddress(filters), 'http://localhost');
  assert.deepEqual(readDifferenceFilters(Object.fromEntries(searchParams)), filters);
});

test('empty and unknown names ask for nothing', () => {
  assert.deepEqual(readDifferenceFilters({ kind: '', colour: 'red' }), {});
  assert.equal(differencesAddress({}), '/admin/reconciliation/differences');
});

test('one filter is set or taken away, and the others stay', () => {
  assert.deepEqual(withFilter({ kind: 'fee', mine: '1' }, 'kind', undefined), { mine: '1' });
  assert.deepEqual(withFilter({ mine: '1' }, 'kind', 'late'), { mine: '1', kind: 'late' });
});
