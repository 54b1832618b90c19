import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { makeTransact } from '#db/transaction.ts';
import { log } from '#server/checkout/testing/given.ts';
import { sagaOnDatabase } from '#server/checkout/testing/saga.ts';
import { makeBus } from '#server/events/bus.ts';
import { every } from './every.ts';
import { fulfilWhatTheLogTells } from './fulfil-orders.ts';

const long = 60_000;

test('an order is sent as soon as the log has told that it is paid, and not at the next look', async () => {
  await using saga = await sagaOnDatabase();
  const { orders, sql } = saga.worker();
  const { clock } = saga;
  const bus = makeBus({ sql, transact: makeTransact(sql), clock });
  let looks = 0;
  const counting = {
    consumer: orders.consumer,
    fulfil(limit: number) {
      looks += 1;
      return orders.fulfil(limit);
    },
  };
  const jobs = fulfilWhatTheLogTells({ orders: counting, consumers: [orders.consumer], bus, clock });
  assert.deepEqual(
    jobs.map(({ name }) => name),
    ['fulfil orders', 'consume orders'],
  );
  const stopping = new AbortController();
  // Nobody looks by himself while the test lasts: but for the bell, nothing would be sent.
  const patient = jobs.map((job) => (job.name === 'fulfil orders' ? { ...job, pause: long } : job));
  const working = patient.map((job) => every(job, { clock, log, signal: stopping.signal }));
  try {
    for (let n = 1; n <= 3; n++) {
      const { order } = await saga.bought();
      const end = Date.now() + long / 4;
      while ((await order()).state !== 'fulfilled' && Date.now() < end) await sleep(5);
      assert.equal((await order()).state, 'fulfilled');
      await sleep(20);
    }
    assert.equal(looks, 1 + 3, 'one at the start, and one for each order');
  } finally {
    stopping.abort();
    await Promise.all(working);
  }
});
