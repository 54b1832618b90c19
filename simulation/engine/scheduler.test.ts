import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Tally } from '../faults.ts';
import { makeDice } from './dice.ts';
import { makeScheduler, type Scheduler } from './scheduler.ts';

const start = new Date('2026-03-01T12:00:00Z');
const tally: Tally = {
  injected() {},
  took() {},
  met: () => new Map(),
  counts: () => assert.fail('nobody counts here'),
};

function scheduler(seed: number, blocked: () => Promise<void> = () => new Promise(() => {})): Scheduler {
  return makeScheduler({ dice: makeDice(seed), tally, start, blocked });
}

const whenever = () => true;
const never = () => false;

/** Three who take five steps each: the order in which they took them. */
async function walk(seed: number): Promise<{ order: string; digest: string }> {
  const engine = scheduler(seed);
  const order: string[] = [];
  for (const name of ['a', 'b', 'c']) {
    const life = engine.begin(name);
    void (async () => {
      for (let n = 0; n < 5; n += 1) await engine.step(life, 'act', `${n}`, () => void order.push(`${name}${n}`));
    })();
  }
  assert.equal(await engine.run(whenever, 1_000), 'done');
  assert.equal(engine.steps(), 15);
  return { order: order.join(' '), digest: engine.digest() };
}

test('the seed decides the order, and the same seed the same one', async () => {
  const walks = await Promise.all(Array.from({ length: 40 }, (_, seed) => walk(seed)));
  assert.deepEqual(await walk(7), walks[7]);
  assert.ok(new Set(walks.map(({ order }) => order)).size > 35, 'few seeds walk alike');
});

test('when nobody can go, time jumps to the next timer, and sleepers wake in their order', async () => {
  const engine = scheduler(1);
  const { clock } = engine.begin('sleeper');
  const woke: string[] = [];
  for (const ms of [9_000, 3_000, 60_000]) void clock.sleep(ms).then(() => woke.push(`${ms} at ${engine.elapsed()}`));
  assert.equal(await engine.run(never, 10_000), 'late');
  assert.deepEqual(woke, ['3000 at 3000', '9000 at 9000']);
  assert.equal(clock.now().getTime(), start.getTime() + 9_000);
});

test('what waits for what can never come is told apart from what is done', async () => {
  const engine = scheduler(1);
  assert.equal(await engine.run(never, 10_000), 'stuck');
});

test('of a life that has ended nothing goes on: no step, no timer, no answer', async () => {
  const engine = scheduler(3);
  const life = engine.begin('mortal');
  const heard: string[] = [];
  void life.clock.sleep(50).then(() => heard.push('timer'));
  void engine.step(life, 'write', 'kills', () => life.end('itself')).then(() => heard.push('its own step'));
  void engine.step(life, 'act', 'after', () => heard.push('ran')).then(() => heard.push('another step'));
  life.onEnd(() => heard.push('end'));
  await engine.run(never, 1_000);
  assert.deepEqual(
    heard.filter((what) => what !== 'ran' && what !== 'another step'),
    ['end'],
  );
  const ended = engine.begin('another');
  ended.end('before');
  void engine.step(ended, 'act', 'never', () => heard.push('never'));
  await engine.run(never, 1_000);
  assert.ok(!heard.includes('never'));
});

test('who is frozen does nothing until it thaws, and then all that was due', async () => {
  const engine = scheduler(3);
  const life = engine.begin('frozen');
  const heard: number[] = [];
  life.freeze(500);
  void life.clock.sleep(10).then(() => heard.push(engine.elapsed()));
  void engine.step(life, 'act', 'steps', () => heard.push(engine.elapsed()));
  await engine.run(never, 10_000);
  assert.deepEqual(
    heard.map((at) => at >= 500),
    [true, true],
  );
});

test('a skewed clock is off, and its waiting is not', async () => {
  const engine = scheduler(3);
  const life = engine.begin('skewed');
  life.skew = -60_000;
  const woke = life.clock.sleep(1_000).then(() => engine.elapsed());
  await engine.run(never, 5_000);
  assert.equal(await woke, 1_000);
  assert.equal(life.clock.now().getTime(), start.getTime() + 1_000 - 60_000);
});

test('a transaction that is held open lets others by, and goes on when its time is over', async () => {
  const engine = scheduler(5);
  const life = engine.begin('writer');
  const order: string[] = [];
  void engine.step(life, 'write', 'first', async () => {
    order.push('first begins');
    await engine.hold(100);
    order.push('first ends');
  });
  await engine.run(() => order.length > 0, 0);
  void engine.step(life, 'write', 'second', () => void order.push('second'));
  await engine.run(never, 1_000);
  assert.deepEqual(order, ['first begins', 'second', 'first ends']);
});

test('who waits for a lock of a transaction that is held open has it let go', async () => {
  const { promise: locked, resolve: unlock } = Promise.withResolvers<void>();
  const engine = scheduler(5, async () => {});
  const life = engine.begin('writer');
  const order: string[] = [];
  void engine.step(life, 'write', 'first', async () => {
    await engine.hold(1_000_000);
    order.push('first ends');
    unlock();
  });
  await engine.run(never, 0);
  void engine.step(life, 'write', 'second', async () => {
    await locked;
    order.push('second ends');
  });
  await engine.run(never, 100);
  assert.deepEqual(order, ['first ends', 'second ends']);
});

test('who had to wait for another one’s lock goes on after that one, whose answer comes first or not', async () => {
  const { promise: locked, resolve: unlock } = Promise.withResolvers<void>();
  const engine = scheduler(5, async () => {});
  const life = engine.begin('writer');
  const order: string[] = [];
  void engine.step(life, 'write', 'first', async () => {
    await engine.hold(1_000_000);
    unlock();
    await sleep(5);
    order.push('first ends');
  });
  await engine.run(never, 0);
  void engine.step(life, 'write', 'second', async (turn) => {
    await locked;
    await turn();
    order.push('second goes on');
  });
  await engine.run(never, 100);
  assert.deepEqual(order, ['first ends', 'second goes on']);
});
