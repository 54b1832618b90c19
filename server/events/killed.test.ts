import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FailpointName } from '#db/failpoints.ts';
import { catchUp } from './testing/catch-up.ts';
import { ids, type Log, logOnDatabase, place, scribe } from './testing/log.ts';

let log: Log;
before(async () => {
  log = await logOnDatabase();
});
after(() => log[Symbol.asyncDispose]());

const program = join(import.meta.dirname, 'testing/consumer-process.ts');

/** Starts a worker in a process of its own and kills it where it has got to `at`. */
async function killedAt(at: FailpointName, consumer: string): Promise<void> {
  const victim = spawn(process.execPath, [program, log.database.url('worker'), consumer, at], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(victim, 'exit');
  await Promise.race([once(victim.stdout, 'data'), exited]);
  assert.equal(victim.exitCode, null, `it never got to ${at}`);
  victim.kill('SIGKILL');
  assert.deepEqual(await exited, [null, 'SIGKILL']);
}

// Where the process dies, and whether what it did had been committed.
const places = [
  ['events.consume:begin', false],
  ['events.consume:before', false],
  ['events.consume:after', true],
] as const;

for (const [at, committed] of places) {
  test(`a consumer's process killed at ${at} does its effect once`, { timeout: 60_000 }, async () => {
    const payment = ids();
    const name = `killed at ${at}`;
    await catchUp(log.worker(), scribe(name));
    await log.append([
      { payment, seq: 1 },
      { payment, seq: 2 },
    ]);
    await killedAt(at, name);
    const own = async () => (await log.seen(name)).filter((text) => text.startsWith(payment));
    assert.equal((await own()).length, committed ? 2 : 0);
    // Its connection may still be alive on the server for a moment, with the cursor in its hand.
    const bus = log.worker();
    while ((await own()).length < 2) await bus.run(scribe(name), 100);
    assert.equal(await bus.run(scribe(name), 100), 0);
    assert.deepEqual(await own(), [place(payment, 1), place(payment, 2)]);
  });
}

test('a transaction that fails between effect and cursor undoes both, and blames no event', async () => {
  const payment = ids();
  const name = 'broken';
  await catchUp(log.worker(), scribe(name));
  await log.append([{ payment, seq: 1 }]);
  const breaking = log.worker((at) => {
    if (at === 'events.consume:before') throw new Error('the machine stops here');
  });
  await assert.rejects(breaking.run(scribe(name), 100), /the machine stops here/);
  assert.ok(!(await log.seen(name)).includes(place(payment, 1)));
  const bus = log.worker();
  assert.deepEqual(await bus.parked(payment), []);
  assert.equal(await bus.run(scribe(name), 100), 1);
});

for (const at of [
  'events.park:before',
  'events.park:after',
  'events.retry:before',
  'events.retry:after',
  'events.retry-failed:before',
] as const) {
  test(`a worker that dies at ${at} loses no parked event, and repeats no effect`, async () => {
    const payment = ids();
    const name = `dies at ${at}`;
    const healthy = log.worker();
    await catchUp(healthy, scribe(name));
    await log.append([1, 2, 3].map((seq) => ({ payment, seq })));
    let sick = true;
    const consumer = scribe(name, (event) => sick && event.paymentId === payment && event.seq === 2);
    let armed = true;
    const dying = log.worker((place) => {
      if (place !== at || !armed) return;
      armed = false;
      throw new Error('the machine stops here');
    });
    for (let n = 0; n < 3; n++) {
      await dying.run(consumer, 100).catch(() => {});
      log.clock.forward(60_000);
      // A retry that dies is one that would have gone through, unless it is the noting of its failure that dies.
      sick = n === 0 ? at.startsWith('events.park') || at === 'events.retry-failed:before' : false;
    }
    assert.equal(armed, false, `it never got to ${at}`);
    for (let n = 0; n < 3; n++) {
      await catchUp(healthy, consumer);
      log.clock.forward(60_000);
    }
    assert.deepEqual(
      (await log.seen(name)).filter((text) => text.startsWith(payment)),
      [1, 2, 3].map((seq) => place(payment, seq)),
    );
    assert.deepEqual(await healthy.parked(payment), []);
  });
}
