import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import type { Clock } from '#server/kernel/clock.ts';
import { type Service, supervise } from './supervise.ts';

/** A service whose ends the test decides, under a clock that only the test moves. */
function staged({ failing = new Set<number>() } = {}) {
  let now = 0;
  const slept: number[] = [];
  const ends: ((how: string) => void)[] = [];
  const stops: number[] = [];
  const clock: Clock = {
    now: () => new Date(now),
    sleep: async (ms) => void slept.push(ms),
    after: () => () => {},
    idle: () => {},
  };
  const service: Service = {
    name: 'lamp',
    async start() {
      const turnNumber = ends.length;
      const gone = Promise.withResolvers<string>();
      ends.push(gone.resolve);
      if (failing.has(turnNumber)) throw new Error('no bulb');
      const stop = async () => {
        stops.push(turnNumber);
        gone.resolve('SIGTERM');
      };
      return { gone: gone.promise, stop };
    },
  };
  const reports: string[] = [];
  const seams = {
    clock,
    report: (line: string) => void reports.push(line),
    backOff: { first: 1, most: 8, steady: 100 },
  };
  const end = async (afterMs: number) => {
    now += afterMs;
    ends.at(-1)?.('exit 1');
    await settled();
  };
  return { service, seams, slept, ends, stops, reports, end };
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns++) await turn();
}

const running = new AbortController().signal;

test('the pause before a restart doubles up to its limit, and is short again after steady running', async () => {
  const { service, seams, slept, ends, end } = staged();
  await using _kept = await supervise(service, seams, running);
  for (let times = 0; times < 5; times++) await end(10);
  await end(100);
  assert.deepEqual(slept, [1, 2, 4, 8, 8, 1]);
  assert.equal(ends.length, 7);
});

test('a restart that fails is tried again, and both are told', async () => {
  const { service, seams, slept, reports, end } = staged({ failing: new Set([1, 2]) });
  await using _kept = await supervise(service, seams, running);
  await end(10);
  assert.deepEqual(slept, [1, 2, 4]);
  assert.deepEqual(reports, ['lamp ended (exit 1) and is started again.', 'no bulb', 'no bulb']);
});

test('a first start that fails is not tried again', async () => {
  const { service, seams, ends } = staged({ failing: new Set([0]) });
  await assert.rejects(supervise(service, seams, running), /no bulb/);
  assert.equal(ends.length, 1);
});

test('what is stopped stays stopped', async () => {
  const { service, seams, stops, ends, reports } = staged();
  const kept = await supervise(service, seams, running);
  await kept[Symbol.asyncDispose]();
  await settled();
  assert.deepEqual([stops, ends.length, reports], [[0], 1, []]);
});
