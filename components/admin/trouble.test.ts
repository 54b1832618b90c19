import assert from 'node:assert/strict';
import { test } from 'node:test';
import { troubleOf } from './trouble.ts';

const now = new Date('2026-11-21T12:00:00Z');
const ago = (seconds: number) => new Date(now.getTime() - seconds * 1000);
const fine = { state: 'captured', failureCode: null, waitingSince: null } as const;

test('an answer that takes more than a minute is trouble, a fresh one is not', () => {
  assert.equal(troubleOf({ ...fine, waitingSince: ago(60) }, now), undefined);
  assert.deepEqual(troubleOf({ ...fine, waitingSince: ago(200) }, now), { tone: 'warn', says: 'Waiting 3 min 20 s' });
  assert.deepEqual(troubleOf({ ...fine, waitingSince: ago(90_061) }, now), { tone: 'warn', says: 'Waiting 1 d 1 h' });
});

test('a failed payment says why; what is well says nothing', () => {
  assert.deepEqual(troubleOf({ ...fine, state: 'failed', failureCode: 'insufficient_funds' }, now), {
    tone: 'bad',
    says: 'Insufficient funds',
  });
  assert.equal(troubleOf(fine, now), undefined);
});
