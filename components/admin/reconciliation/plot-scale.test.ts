import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayInWords, percent, roundTop, runsOf, shareFloor } from './plot-scale.ts';

test('a plot ends at a round number that nothing passes', () => {
  const told = [0, 1, 2, 3, 7, 10, 11, 49, 50, 999].map(roundTop);
  assert.deepEqual(told, [1, 1, 2, 5, 10, 10, 20, 50, 50, 1000]);
});

test('shares near one are told apart', () => {
  assert.deepEqual([1, 0.995, 0.95, 0.6, 0.2].map(shareFloor), [0.99, 0.99, 0.9, 0.5, 0]);
});

test('what is not whole is never called 100 %', () => {
  assert.deepEqual([1, 0.99999, 0.992, 0.5, 0].map(percent), ['100 %', '99.9 %', '99.2 %', '50 %', '0 %']);
});

test('a day without a value breaks the line', () => {
  const point = (value: number | null) => ({ day: '2026-11-21', value, says: '' });
  const runs = runsOf([point(null), point(1), point(2), point(null), point(3)]);
  assert.deepEqual(
    runs.map((run) => run.map(({ at }) => at)),
    [[1, 2], [4]],
  );
});

test('days are said in UTC', () => assert.equal(dayInWords('2026-11-01'), '1 Nov'));
