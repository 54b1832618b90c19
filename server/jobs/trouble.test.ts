import assert from 'node:assert/strict';
import { test } from 'node:test';
import { queuesStuck } from './trouble.ts';

const now = new Date('2026-01-01T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);

test('a queue that empties itself is no trouble; one that stands is told, to whom it belongs', () => {
  const queued = [
    { merchantId: 'm1', payments: 3, since: ago(121) },
    { merchantId: 'm2', payments: 1, since: ago(60) },
  ];
  const [stuck, ...others] = queuesStuck({ queued, unasked: { operations: 9, since: ago(10) } }, now);
  assert.deepEqual(
    [stuck?.merchantId, stuck?.subject, stuck?.detail, others],
    ['m1', 'payments:m1', { Payments: '3', 'Longest wait': '121 s' }, []],
  );
});

test('operations that nobody gets round to are the whole installation’s trouble', () => {
  const [stuck] = queuesStuck({ queued: [], unasked: { operations: 9, since: ago(200) } }, now);
  assert.deepEqual([stuck?.merchantId, stuck?.subject, stuck?.detail.Operations], [null, 'operations', '9']);
});
