import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { makeBell } from './bell.ts';

/** A bell by a clock that the test moves on. */
function staged() {
  let now = 0;
  const alarms = new Set<{ at: number; go: () => void }>();
  const clock = {
    after(milliseconds: number, go: () => void) {
      const alarm = { at: now + milliseconds, go };
      alarms.add(alarm);
      return () => void alarms.delete(alarm);
    },
  };
  const bell = makeBell(clock, 100);
  const stopping = new AbortController();
  const rest = () => {
    let over = false;
    void bell.rest(500, stopping.signal).then(() => {
      over = true;
    });
    return async () => {
      await turn();
      return over;
    };
  };
  const pass = (milliseconds: number) => {
    now += milliseconds;
    for (const alarm of [...alarms]) {
      if (alarm.at <= now && alarms.delete(alarm)) alarm.go();
    }
  };
  return { bell, rest, pass, alarms, stopping };
}

test('whoever rests is woken by the bell, by the end of the pause, and by the signal', async () => {
  const { bell, rest, pass, alarms, stopping } = staged();
  const rung = rest();
  pass(300);
  assert.equal(await rung(), false);
  bell.ring();
  assert.equal(await rung(), true);
  const late = rest();
  pass(499);
  assert.equal(await late(), false);
  pass(1);
  assert.equal(await late(), true);
  const stopped = rest();
  assert.equal(await stopped(), false);
  stopping.abort();
  assert.equal(await stopped(), true);
  assert.equal(await rest()(), true);
  assert.equal(alarms.size, 0);
});

test('a bell that rings soon after the last run, or during it, is heard a little later, and once', async () => {
  const { bell, rest, pass } = staged();
  bell.ring();
  bell.ring();
  const meanwhile = rest();
  pass(99);
  assert.equal(await meanwhile(), false);
  pass(1);
  assert.equal(await meanwhile(), true);
  const soon = rest();
  pass(50);
  bell.ring();
  assert.equal(await soon(), false);
  pass(50);
  assert.equal(await soon(), true);
  const quiet = rest();
  pass(499);
  assert.equal(await quiet(), false);
});
