import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RawSql } from '#db/client.ts';
import { raiseLogEpoch } from '#db/log-epoch.ts';
import { beginning, logStall, readLog } from './read.ts';
import { catchUp, settled } from './testing/catch-up.ts';
import { ids, type Log, logOnDatabase, place, scribe } from './testing/log.ts';

let log: Log;
before(async () => {
  log = await logOnDatabase();
});
after(() => log[Symbol.asyncDispose]());

const placesIn = async () =>
  (await readLog(log.owner, beginning, { limit: 1_000 })).map(({ place: { paymentId, seq } }) => place(paymentId, seq));

test('a transaction that writes and does not end stalls the log, and its age is measured', async () => {
  assert.equal(await logStall(log.owner, log.clock.now()), 0);
  const payment = ids();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  let begun = () => {};
  const writing = new Promise<void>((resolve) => {
    begun = resolve;
  });
  // Any write will do, also of a table that has nothing to do with the log.
  const long = log.owner.begin(async (tx) => {
    await (tx as unknown as RawSql)`INSERT INTO seen (consumer) VALUES ('long')`;
    begun();
    await released;
  });
  await writing;
  await log.append([{ payment, seq: 1 }], log.owner);
  log.clock.forward(2_500);
  assert.deepEqual(await placesIn(), []);
  assert.equal(await logStall(log.owner, log.clock.now()), 2_500);
  release();
  await long;
  await settled(log.owner);
  assert.deepEqual(await placesIn(), [place(payment, 1)]);
  assert.equal(await logStall(log.owner, log.clock.now()), 0);
});

test('a log restored into a younger server is read on, nothing skipped and nothing twice', async () => {
  const { owner } = log;
  const bus = log.worker();
  const consumer = scribe('restored');
  await catchUp(bus, consumer);
  const was = (await log.seen('restored')).length;
  const [old, young] = [ids(), ids()];
  // What a dump brings along: events whose transactions this server has not come to yet, some of them read already.
  await owner`ALTER TABLE events DISABLE TRIGGER events_append_only`;
  await log.append([1, 2].map((seq) => ({ payment: old, seq })));
  await owner`UPDATE events SET tx = '900000000000' WHERE payment_id = ${old}`;
  await owner`
    UPDATE event_cursors SET tx = '900000000000', payment_id = ${old}, seq = 1 WHERE consumer = 'restored'`;
  // Nothing can be read as it stands, which is measured.
  assert.equal(await bus.run(consumer, 1_000), 0);
  log.clock.forward(5_000);
  assert.equal(await logStall(owner, log.clock.now()), 5_000);
  assert.equal(await raiseLogEpoch(owner), true);
  assert.equal(await raiseLogEpoch(owner), false);
  await log.append([
    { payment: young, seq: 1 },
    { payment: old, seq: 3 },
  ]);
  await catchUp(bus, consumer);
  assert.deepEqual((await log.seen('restored')).slice(was), [
    place(old, 2),
    ...[place(young, 1), place(old, 3)].sort(),
  ]);
  assert.equal(await logStall(owner, log.clock.now()), 0);
});
