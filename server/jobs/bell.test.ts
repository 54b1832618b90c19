import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { makeBell } from './bell.ts';

/** A bell, and its clock's alarms, which go off when the test says so. */
function staged() {
  const alarms = new Set<{ milliseconds: number; ring: () => void }>();
  const bell = makeBell({
    after(milliseconds, ring) {
      const alarm = { milliseconds, ring };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
  });
  const stopping = new AbortController();
  const rest = () => {
    const resting = { over: false };
    void bell.rest(500, stopping.signal).then(() => {
      resting.over = true;
    });
    return async () => {
      await turn();
      return resting.over;
    };
  };
  return { bell, rest, alarms, stopping };
}

test('whoever rests is woken by the bell, by the end of the pause, and by the signal', async () => {
  const { bell, rest, alarms, stopping } = staged();
  const rung = rest();
  assert.equal(await rung(), false);
  bell.ring();
  assert.equal(await rung(), true);
  const late = rest();
  const [alarm] = alarms;
  assert.deepEqual([await late(), alarms.size, alarm?.milliseconds], [false, 1, 500]);
  alarm?.ring();
  assert.equal(await late(), true);
  const stopped = rest();
  assert.equal(await stopped(), false);
  stopping.abort();
  assert.equal(await stopped(), true);
  assert.equal(await rest()(), true);
  assert.equal(alarms.size, 0);
});

test('a bell that rang while nobody rested keeps the next one from resting, and no more than that one', async () => {
  const { bell, rest, alarms } = staged();
  bell.ring();
  bell.ring();
  assert.equal(await rest()(), true);
  assert.equal(await rest()(), false);
  assert.equal(alarms.size, 1);
});
