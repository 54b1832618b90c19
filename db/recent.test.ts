import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { recent } from './recent.ts';

function counted(most: number) {
  const asked: string[] = [];
  let now = 0;
  const clock = { ...systemClock, now: () => new Date(now) };
  const ask = async (key: string) => `${key}${asked.push(key)}`;
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { asked, pass, get: recent(ask, { clock, lifetime: 5_000, most }) };
}

test('an answer is remembered for its lifetime and then asked for again', async () => {
  const { asked, get, pass } = counted(2);
  assert.equal(await get('a'), 'a1');
  pass(4_999);
  assert.equal(await get('a'), 'a1');
  pass(1);
  assert.equal(await get('a'), 'a2');
  assert.deepEqual(asked, ['a', 'a']);
});

test('no more than so many are remembered: the oldest answer is forgotten, not the one just renewed', async () => {
  const { asked, get, pass } = counted(2);
  await get('a');
  await get('b');
  pass(5_000);
  await get('a');
  await get('c');
  await get('a');
  assert.deepEqual(asked, ['a', 'b', 'a', 'c']);
  await get('b');
  assert.deepEqual(asked, ['a', 'b', 'a', 'c', 'b']);
  await get('a');
  assert.equal(asked.length, 6);
});
