import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { makeLog } from '#server/observability/log.ts';
import { metricsText } from '#server/observability/metrics.ts';
import { every } from './every.ts';

type Run = () => number | Promise<number>;

/** Runs the job through these runs and stops it in the last; tells what it did, in order. */
async function through(runs: Run[], stopping = new AbortController()) {
  const did: string[] = [];
  const lines: string[] = [];
  const clock: Clock = { ...systemClock, sleep: async (milliseconds) => void did.push(`sleep ${milliseconds}`) };
  const log = makeLog('test', { level: 'error', write: (line: string) => void lines.push(line) });
  const run = async (limit: number) => {
    did.push(`run ${limit}`);
    const next = runs.shift();
    if (runs.length === 0) stopping.abort();
    return (await next?.()) ?? 0;
  };
  await every({ name: 'test', pause: 1_000, limit: 10, run }, { clock, log, signal: stopping.signal });
  return { did, lines };
}

test('a job pauses after a run that found less than it may do at once, and goes on at once after a full one', async () => {
  const { did } = await through([() => 9, () => 10, () => 0]);
  assert.deepEqual(did, ['run 10', 'sleep 1000', 'run 10', 'run 10', 'sleep 1000']);
});

test('how long a run took is told by the clock that it runs by, and never less than nothing', async () => {
  const seconds = async () => {
    const text = await metricsText();
    return Number(/^florin_job_seconds_sum\{job="timed"[^}]*\} (.+)$/m.exec(text)?.[1] ?? 0);
  };
  let now = 0;
  const clock: Clock = { ...systemClock, now: () => new Date(now) };
  const log = makeLog('test', { level: 'error', write: () => {} });
  for (const passes of [90_000, -5_000]) {
    const stopping = new AbortController();
    const run = async () => {
      now += passes;
      stopping.abort();
      return 10;
    };
    await every({ name: 'timed', pause: 1, limit: 10, run }, { clock, log, signal: stopping.signal });
    assert.equal(await seconds(), 90);
  }
});

test('a failure is logged and outlived, and the next run waits its pause', async () => {
  const broken = () => {
    throw new Error('the database is away');
  };
  const { did, lines } = await through([broken, () => 0]);
  assert.deepEqual(did.slice(0, 3), ['run 10', 'sleep 1000', 'run 10']);
  assert.equal(lines.length, 1);
  assert.match(String(lines[0]), /a job failed and will run again/);
});

test('what a run writes, however deep, names its job', async () => {
  const lines: string[] = [];
  const log = makeLog('test', { level: 'info', write: (line: string) => void lines.push(line) });
  const stopping = new AbortController();
  const run = async () => {
    await Promise.resolve();
    stopping.abort();
    log.info({ count: 1 }, 'deep within');
    return 0;
  };
  await every({ name: 'sweep', pause: 1, limit: 10, run }, { clock: systemClock, log, signal: stopping.signal });
  assert.equal(JSON.parse(String(lines[0])).action, 'sweep');
});

test('after the signal nothing is started', async () => {
  const stopped = new AbortController();
  stopped.abort();
  assert.deepEqual((await through([() => 10], stopped)).did, []);
});

test('a signal during the pause ends it', { timeout: 5_000 }, async () => {
  const stopping = new AbortController();
  const log = makeLog('test', { level: 'error', write: () => {} });
  let runs = 0;
  const run = async () => {
    runs++;
    setImmediate(() => stopping.abort());
    return 0;
  };
  await every({ name: 'test', pause: 60_000, limit: 10, run }, { clock: systemClock, log, signal: stopping.signal });
  assert.equal(runs, 1);
});

test('the run that the signal found under way is waited for, and no two runs overlap', async () => {
  const stopping = new AbortController();
  let under = 0;
  let most = 0;
  let ended = 0;
  const slow = async () => {
    most = Math.max(most, ++under);
    await new Promise((resolve) => setImmediate(resolve));
    under--;
    ended++;
    return 10;
  };
  await through([slow, slow, slow], stopping);
  assert.deepEqual([most, ended], [1, 3]);
});

test('a job that knows how to wait is left to it, but after a failure it pauses like any other', async () => {
  const did: string[] = [];
  const stopping = new AbortController();
  const clock: Clock = { ...systemClock, sleep: async (milliseconds) => void did.push(`sleep ${milliseconds}`) };
  const log = makeLog('test', { level: 'error', write: () => {} });
  const run = async () => {
    if (did.length === 0) throw new Error('the database is away');
    return 0;
  };
  const rest = async (pause: number, signal: AbortSignal) => {
    did.push(`rest ${pause} ${signal === stopping.signal}`);
    stopping.abort();
  };
  await every({ name: 'test', pause: 250, limit: 10, run, rest }, { clock, log, signal: stopping.signal });
  assert.deepEqual(did, ['sleep 250', 'rest 250 true']);
});
