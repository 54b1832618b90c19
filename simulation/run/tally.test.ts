import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeTally } from './tally.ts';

test('a fault that struck where nobody was has been injected and has not taken effect', () => {
  const tally = makeTally();
  tally.injected('F9');
  assert.deepEqual(tally.counts(new Set()).F9, { injected: 1, took: 0, recovered: 0 });
  assert.equal(tally.met().size, 0);
});

test('what took effect has recovered, unless one of the payments that it touched is broken', () => {
  const tally = makeTally();
  for (const payments of [[1, 2], [3]]) {
    tally.injected('F1');
    tally.took('F1', payments);
  }
  assert.deepEqual(tally.counts(new Set([2])).F1, { injected: 2, took: 2, recovered: 1 });
  assert.deepEqual([...tally.met().keys()], [1, 2, 3]);
});

test('one fault that many meet, one after the other, has taken effect once', () => {
  const tally = makeTally();
  tally.injected('F28');
  for (const payments of [[1], [2], [2, 3]]) tally.took('F28', payments);
  assert.deepEqual(tally.counts(new Set()).F28, { injected: 1, took: 1, recovered: 1 });
  assert.equal(tally.counts(new Set([3])).F28.recovered, 0);
});

test('a payment met a kind once, however often, and each kind for itself', () => {
  const tally = makeTally();
  for (const kind of ['F8', 'F8', 'F26'] as const) {
    tally.injected(kind);
    tally.took(kind, [7]);
  }
  assert.deepEqual([...(tally.met().get(7) ?? [])], ['F8', 'F26']);
});
