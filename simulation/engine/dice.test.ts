import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeDice } from './dice.ts';

test('a throw belongs to its seed and its name, in whatever order it is asked for', () => {
  const [one, other] = [makeDice(11), makeDice(11)];
  const [a, b] = [one.of('a'), one.of('b')];
  assert.deepEqual([other.of('b'), other.of('a')], [b, a]);
  assert.notEqual(a, b);
  assert.notEqual(makeDice(12).of('a'), a);
});

test('throws are spread evenly, also of names that differ in a digit', () => {
  const dice = makeDice(3);
  const tenths = new Array(10).fill(0);
  for (let n = 0; n < 20_000; n += 1) tenths[dice.whole(`order/client-${n % 200}/step/${n}`, 10)] += 1;
  for (const count of tenths) assert.ok(count > 1_800 && count < 2_200, `${tenths}`);
});

test('bytes under one name go on where they were, and begin anew for another reader of it', () => {
  const dice = makeDice(5);
  const bytes = dice.bytes('ids');
  const [first, second] = [bytes(16), bytes(16)];
  assert.notDeepEqual(first, second);
  assert.deepEqual(makeDice(5).bytes('ids')(16), first);
  assert.equal(new Set(Array.from({ length: 5_000 }, () => bytes(8).toString('hex'))).size, 5_000);
});

test('nothing is picked from nothing', () => {
  assert.throws(() => makeDice(1).pick('x', []), /nothing to pick from: x/);
});
