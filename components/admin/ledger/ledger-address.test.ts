import assert from 'node:assert/strict';
import { test } from 'node:test';
import { accountAddress, dayIn } from './ledger-address.ts';

test('an address names the account, and what is set of the rest', () => {
  assert.equal(
    accountAddress({ account: 'fees', provider: 'alder', day: undefined }),
    '/admin/ledger/fees?provider=alder',
  );
  assert.equal(accountAddress({ account: 'fees' }), '/admin/ledger/fees');
});

test('only days that there are are days', () => {
  assert.equal(dayIn('2026-11-21'), '2026-11-21');
  for (const text of ['2026-02-30', '2026-13-01', 'today', '', undefined, ['2026-11-21']])
    assert.equal(dayIn(text), undefined);
});
