import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JournalLine } from '../judge/evidence.ts';
import { findingIn, type Matter } from './finding.ts';

const operationId = '019c0000-0000-7000-8000-000000000001';

function line(kind: JournalLine['kind'], more: Partial<JournalLine> = {}): JournalLine {
  const same = { at: '2026-03-01T12:00:00Z', currency: 'EUR', fee: 0, last4: '4242', reference: 'ch_1' };
  return { ...same, kind, id: `${kind}_1`, key: 'other-1', authorization: 'authorization_1', amount: 500, ...more };
}

const matter = (more: Partial<Matter>): Matter => ({
  kind: 'unanswered',
  operationId,
  operationKind: 'authorize',
  age: 600_000,
  ...more,
});

test('of a silent operation the books tell whether it took place, and under which id', () => {
  const books = [line('authorization', { key: `${operationId}-1`, id: 'auth_7' })];
  assert.equal(findingIn([line('authorization')], matter({}), undefined)?.['finding' as never], 'did_not');
  const found = findingIn(books, matter({}), undefined);
  assert.ok(found && 'finding' in found);
  assert.deepEqual([found.finding, found.providerRef], ['took_place', 'auth_7']);
});

test('a hold that nobody wants is let go first, and settled once the books say so', () => {
  const hold = line('authorization');
  const stuck = matter({ kind: 'stuck', operationKind: 'void' });
  assert.deepEqual(findingIn([hold], stuck, 'authorization_1'), { release: 'authorization_1' });
  const found = findingIn([hold, line('void')], stuck, 'authorization_1');
  assert.ok(found && 'finding' in found && found.finding === 'settled_otherwise');
});

test('a capture that nobody wants is refunded first, what of it is not refunded yet', () => {
  const books = [
    line('authorization'),
    line('capture', { key: `${operationId}-1` }),
    line('refund', { amount: 200, id: 'refund_1' }),
  ];
  const stray = matter({ kind: 'stray', operationKind: 'capture' });
  assert.deepEqual(findingIn(books, stray, undefined), { refund: 300 });
});

test('what may still come right by itself is left alone', () => {
  assert.equal(findingIn([line('authorization')], matter({ kind: 'stray', age: 1_000 }), 'authorization_1'), undefined);
});
