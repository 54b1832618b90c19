import assert from 'node:assert/strict';
import { test } from 'node:test';
import { behindWords, lagWords, standingOf } from './event-words.ts';

test('a lag is said in the largest unit that still tells something', () => {
  const said = [0, 999, 1_000, 119_999, 120_000, 7_199_999, 7_200_000].map(lagWords);
  assert.deepEqual(said, ['0 s', '0 s', '1 s', '119 s', '2 min', '119 min', '2 h']);
});

test('what was not counted to its end is said as such', () => {
  assert.deepEqual([behindWords(9_999), behindWords(10_000)], ['9,999', '10,000 or more']);
});

test('late is worse than having put something aside', () => {
  const standing = { name: 'x', behind: 1, lag: 60_001, parked: 2 };
  assert.equal(standingOf(standing).says, 'Late');
  assert.equal(standingOf({ ...standing, lag: 60_000 }).says, 'Put aside');
  assert.equal(standingOf({ ...standing, lag: 0, parked: 0 }).says, 'Up to date');
});
