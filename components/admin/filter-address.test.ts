import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addressOf, type Filters, readFilters, without } from './filter-address.ts';

const filters: Filters = { state: ['captured', 'failed'], min: '10', to: '2026-11-21', q: 'ada+1@example.com' };

test('an address holds its filters, and gives them back', () => {
  const { searchParams } = new URL(addressOf(filters), 'http://localhost');
  const search = { ...Object.fromEntries(searchParams), state: searchParams.getAll('state') };
  assert.deepEqual(readFilters(search), filters);
});

test('empty fields and unknown names ask for nothing', () => {
  assert.deepEqual(readFilters({ state: '', min: '', colour: 'red', last4: undefined }), {});
  assert.equal(addressOf({}), '/admin/payments');
});

test('a filter that is taken away leaves the others, and starts from the first page', () => {
  assert.equal(addressOf(without(filters, ['state', 'q', 'to'])), '/admin/payments?min=10');
  assert.equal(addressOf({ min: '10' }, 'ch_1'), '/admin/payments?min=10&after=ch_1');
});
