import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { measure } from './load.ts';
import { family, startMeter } from './processor.ts';
import { median, spreadOf } from './spread.ts';

test('percentiles are values that were measured, by nearest rank', () => {
  const hundred = Array.from({ length: 100 }, (_, n) => 100 - n);
  assert.deepEqual(spreadOf(hundred), { count: 100, p50: 50, p95: 95, p99: 99, worst: 100 });
  assert.deepEqual(spreadOf([7]), { count: 1, p50: 7, p95: 7, p99: 7, worst: 7 });
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 5, 2]), 3);
});

test('only what ended well within the window counts, and what failed is told', async () => {
  let turn = 0;
  const { done, failed, why, latency } = await measure({
    clients: 2,
    seconds: 0.3,
    classes: {},
    async work(client) {
      turn += 1;
      if (client === 1 && turn % 2 === 0) throw new Error('no');
      await new Promise((resolve) => setTimeout(resolve, 20));
      return 5;
    },
  });
  assert.ok(done >= 2 && done <= 32, `${done} in 0.3 s`);
  assert.ok(failed > 0);
  assert.equal(why, 'no');
  assert.equal(latency.p50, 5);
});

test('the processor that a class has taken is told as cores, and is not told as somebody else’s', async () => {
  const busy = spawn(process.execPath, ['-e', 'process.stdout.write("."); for (;;);'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await once(busy.stdout, 'data');
  const meter = startMeter({ busy: () => [busy.pid ?? 0], node: () => [process.pid] });
  await new Promise((resolve) => setTimeout(resolve, 700));
  const share = meter.stop();
  assert.ok(family(process.pid).includes(busy.pid ?? 0));
  busy.kill('SIGKILL');
  await once(busy, 'exit');
  const { busy: theirs = 0, node = 0 } = share;
  assert.ok(theirs > 0.02 && theirs < 1.3, `a loop took ${theirs} cores`);
  assert.ok(theirs > node, `and we ${node}`);
});
