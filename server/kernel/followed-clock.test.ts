import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, systemClock } from './clock.ts';
import { followedClock } from './followed-clock.ts';

const noon = Date.parse('2026-03-01T12:00:00Z');

/** A machine whose wall clock can be set, beside a clock that is right. Time moves by hand. */
function stage({ ahead = 0 } = {}) {
  let [passed, off, way] = [0, ahead, 0];
  let timers: { due: number; fn: () => void }[] = [];
  let read = async () => {
    passed += way / 2;
    const time = new Date(noon + passed);
    passed += way / 2;
    return time;
  };
  const own: Clock = {
    ...systemClock,
    now: () => new Date(noon + passed + off),
    after(ms, fn) {
      const timer = { due: passed + ms, fn };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  };
  const corrections: number[] = [];
  const followed = followedClock(own, () => passed);
  return {
    corrections,
    /** Milliseconds since time leapt. */
    sinceLeap() {
      const leapt = followed.clock.leaptAt?.();
      return leapt && followed.clock.now().getTime() - leapt.getTime();
    },
    hangs() {
      read = () => new Promise(() => {});
    },
    follow: () =>
      followed.follow(
        () => read(),
        (by) => corrections.push(by),
      ),
    /** Milliseconds by which it differs from the clock that is right. */
    ahead: () => followed.clock.now().getTime() - noon - passed,
    set(by: number) {
      off += by;
    },
    takes(ms: number) {
      way = ms;
    },
    breaks() {
      read = () => Promise.reject(new Error('no connection'));
    },
    movesBy(ms: number) {
      const before = read;
      read = async () => new Date((await before()).getTime() + ms);
    },
    async pass(ms: number) {
      passed += ms;
      const due = timers.filter((timer) => timer.due <= passed);
      timers = timers.filter((timer) => timer.due > passed);
      for (const { fn } of due) fn();
      await new Promise(setImmediate);
    },
    waiting: () => timers.length,
  };
}

test('until the first look it is the machine’s own, and then the shared one', async () => {
  const { ahead, follow, corrections } = stage({ ahead: 97_000 });
  assert.equal(ahead(), 97_000);
  await follow();
  assert.equal(ahead(), 0);
  assert.deepEqual(corrections, [97_000]);
});

test('a machine whose clock is set changes nothing, neither before the next look nor after it', async () => {
  const { ahead, follow, set, pass, corrections } = stage();
  await follow();
  set(-600_000);
  await pass(100);
  assert.equal(ahead(), 0);
  await pass(6_000);
  assert.equal(ahead(), 0);
  assert.deepEqual(corrections, [0]);
});

test('the shared clock is followed where it goes elsewhere, such as on another machine', async () => {
  const { ahead, follow, movesBy, pass, corrections } = stage();
  await follow();
  movesBy(3_000);
  await pass(5_000);
  assert.equal(ahead(), 3_000);
  assert.deepEqual(corrections, [0, -3_000]);
});

test('what the way may account for sets no clock, and a slow look says nothing', async () => {
  const { ahead, follow, movesBy, takes, pass, corrections } = stage();
  await follow();
  takes(200);
  movesBy(80);
  await pass(5_000);
  assert.equal(ahead(), 0);
  takes(5_000);
  movesBy(60_000);
  await pass(5_200);
  assert.equal(ahead(), 0);
  assert.deepEqual(corrections, [0]);
});

test('time goes on from the last look while there is none, and looking ends when it is told to', async () => {
  const { ahead, follow, breaks, pass, waiting } = stage({ ahead: -40_000 });
  const stop = await follow();
  breaks();
  await pass(5_000);
  await pass(60_000);
  assert.equal(ahead(), 0);
  assert.equal(waiting(), 1);
  stop();
  assert.equal(waiting(), 0);
});

test('a shared clock that is set forward has leapt, and one that is set back has not', async () => {
  const { follow, movesBy, pass, sinceLeap } = stage({ ahead: 20_000 });
  await follow();
  movesBy(-60_000);
  await pass(5_000);
  movesBy(900);
  await pass(5_000);
  assert.equal(sinceLeap(), undefined);
  movesBy(600_000);
  await pass(5_000);
  await pass(3_000);
  assert.equal(sinceLeap(), 3_000);
});

test('a machine that begins far behind the shared clock cannot know which of them was set', async () => {
  const { follow, sinceLeap } = stage({ ahead: -20_000 });
  await follow();
  assert.equal(sinceLeap(), 0);
});

test('a look that hangs keeps nobody from the next one', async () => {
  const { follow, hangs, pass, waiting } = stage();
  await follow();
  hangs();
  await pass(5_000);
  await pass(5_000);
  await pass(5_000);
  assert.equal(waiting(), 1);
});
