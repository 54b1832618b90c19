import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Bus, Consumer } from './consumer.ts';
import { ids, type Log, logOnDatabase, place, scribe } from './testing/log.ts';

let log: Log;
before(async () => {
  log = await logOnDatabase();
});
after(() => log[Symbol.asyncDispose]());

const minute = 60_000;

/** A consumer that chokes on some events of some payments until it is cured. */
function choking(name: string, on: string[]) {
  const poison = new Set(on);
  const consumer = scribe(name, ({ paymentId, seq }) => poison.has(place(paymentId, seq)));
  return { consumer, cure: () => poison.clear() };
}

async function drain(bus: Bus, consumer: Consumer): Promise<void> {
  while ((await bus.run(consumer, 50)) > 0);
}

/** Runs until nothing is tried by itself any more. */
async function exhaust(bus: Bus, consumer: Consumer): Promise<void> {
  for (let n = 0; n < 6; n++) {
    await drain(bus, consumer);
    log.clock.forward(minute);
  }
  await drain(bus, consumer);
}

const parkedOf = async (bus: Bus, merchant: string) =>
  (await bus.parked(merchant)).map(({ event, why, tries }) => `${event.seq} ${why} ${tries}`).sort();

test('a poison event is put aside with what waits behind it, and everything else flows', async () => {
  const bus = log.worker();
  const [sick, well] = [ids(), ids()];
  const { consumer } = choking('poison', [place(sick, 2)]);
  await log.append([1, 2, 3].flatMap((seq) => [sick, well].map((payment) => ({ payment, seq }))));
  await drain(bus, consumer);
  const seen = await log.seen('poison');
  assert.deepEqual(
    seen.filter((text) => text.startsWith(well)),
    [1, 2, 3].map((seq) => place(well, seq)),
  );
  assert.deepEqual(
    seen.filter((text) => text.startsWith(sick)),
    [place(sick, 1)],
  );
  assert.deepEqual(await parkedOf(bus, sick), ['2 trying 1', '3 behind 0']);
  await log.append([
    { payment: sick, seq: 4 },
    { payment: well, seq: 4 },
  ]);
  await drain(bus, consumer);
  assert.deepEqual(await parkedOf(bus, sick), ['2 trying 1', '3 behind 0', '4 behind 0']);
  assert.ok((await log.seen('poison')).includes(place(well, 4)));
  const [standing] = await bus.standings([consumer]);
  assert.deepEqual(standing, { name: 'poison', behind: 0, lag: 0, parked: 3 });
});

test('it is tried again after 1, 3, 9 and 27 seconds, and given up on after five times, with what it said', async () => {
  const told: string[] = [];
  const bus = log.worker(undefined, {
    onParked: (event, consumer, error) => void told.push(`${event.seq} ${consumer} ${error}`),
  });
  const payment = ids();
  const { consumer } = choking('back-off', [place(payment, 1)]);
  await log.append([{ payment, seq: 1 }]);
  await drain(bus, consumer);
  for (const [seconds, tries] of [
    [1, 1],
    [3, 2],
    [9, 3],
    [27, 4],
  ] as const) {
    log.clock.forward(seconds * 1_000 - 1);
    await drain(bus, consumer);
    assert.deepEqual(await parkedOf(bus, payment), [`1 trying ${tries}`]);
    log.clock.forward(1);
    await drain(bus, consumer);
  }
  assert.deepEqual(await parkedOf(bus, payment), ['1 failed 5']);
  log.clock.forward(60 * minute);
  assert.equal(await bus.run(consumer, 50), 0);
  const given = (await bus.givenUp(100)).filter(({ consumer: name }) => name === 'back-off');
  assert.deepEqual(
    given.map(({ event, error, tries, tryAgainAt }) => [event.paymentId, error, tries, tryAgainAt]),
    [[payment, 'cannot stomach 1', 5, null]],
  );
  assert.deepEqual(told, ['1 back-off cannot stomach 1']);
});

test('an effect that swallows what the database told it has failed all the same', async () => {
  const bus = log.worker();
  const payment = ids();
  const swallowing: Consumer = {
    name: 'swallows',
    async effect(tx, events) {
      if (events.some(({ paymentId }) => paymentId === payment)) await tx`SELECT 1 / 0`.catch(() => {});
    },
  };
  await log.append([{ payment, seq: 1 }]);
  await drain(bus, swallowing);
  assert.deepEqual(await parkedOf(bus, payment), ['1 trying 1']);
});

test('what recovers by itself goes through with all that waited, in order, each once', async () => {
  const bus = log.worker();
  const payment = ids();
  const { consumer, cure } = choking('recovers', [place(payment, 1)]);
  await log.append([1, 2, 3].map((seq) => ({ payment, seq })));
  await drain(bus, consumer);
  cure();
  log.clock.forward(minute);
  await log.append([{ payment, seq: 4 }]);
  await drain(bus, consumer);
  const seen = (await log.seen('recovers')).filter((text) => text.startsWith(payment));
  assert.deepEqual(
    seen,
    [1, 2, 3, 4].map((seq) => place(payment, seq)),
  );
  assert.deepEqual(await bus.parked(payment), []);
});

test('a person has it tried again: in order, each once, also when they point at one that waits behind', async () => {
  const bus = log.worker();
  const payment = ids();
  const { consumer, cure } = choking('by hand', [place(payment, 1)]);
  await log.append([1, 2, 3].map((seq) => ({ payment, seq })));
  await exhaust(bus, consumer);
  const last = (await bus.parked(payment)).find(({ event }) => event.seq === 3);
  assert.ok(last);
  // Not cured yet: one more failure, and it waits for a person again at once.
  await bus.retry(consumer.name, last.event.id, payment);
  await drain(bus, consumer);
  assert.deepEqual(await parkedOf(bus, payment), ['1 failed 6', '2 behind 0', '3 behind 0']);
  cure();
  await bus.retry(consumer.name, last.event.id, payment);
  await Promise.all([drain(bus, consumer), drain(log.worker(), consumer), drain(log.worker(), consumer)]);
  await drain(bus, consumer);
  assert.deepEqual(
    (await log.seen('by hand')).filter((text) => text.startsWith(payment)),
    [1, 2, 3].map((seq) => place(payment, seq)),
  );
});

test('an event behind that turns out to be poison itself stops the ones after it', async () => {
  const bus = log.worker();
  const payment = ids();
  const first = choking('twice', [place(payment, 1), place(payment, 3)]);
  await log.append([1, 2, 3, 4].map((seq) => ({ payment, seq })));
  await exhaust(bus, first.consumer);
  const second = choking('twice', [place(payment, 3)]);
  const [head] = (await bus.parked(payment)).filter(({ why }) => why === 'failed');
  assert.ok(head);
  await bus.retry('twice', head.event.id, payment);
  await drain(bus, second.consumer);
  assert.deepEqual(await parkedOf(bus, payment), ['3 trying 1', '4 behind 0']);
});

test("nobody retries another merchant's event, or one that is not parked", async () => {
  const bus = log.worker();
  const payment = ids();
  const { consumer } = choking('foreign', [place(payment, 1)]);
  await log.append([{ payment, seq: 1 }]);
  await exhaust(bus, consumer);
  const [parked] = await bus.parked(payment);
  assert.ok(parked);
  assert.deepEqual(await bus.parked(ids()), []);
  await assert.rejects(bus.retry('foreign', parked.event.id, ids()), { code: 'not_found' });
  await assert.rejects(bus.retry('foreign', ids(), payment), { code: 'not_found' });
  await assert.rejects(bus.retry('somebody else', parked.event.id, payment), { code: 'not_found' });
});

test('an event that arrives while the last parked one of its payment is taken out is not left behind nobody', async () => {
  const payment = ids();
  const { consumer, cure } = choking('meeting', [place(payment, 1)]);
  const bus = log.worker();
  await log.append([{ payment, seq: 1 }]);
  await drain(bus, consumer);
  cure();
  log.clock.forward(minute);
  await log.append([{ payment, seq: 2 }]);
  // The retry is stopped just before it commits that nothing is parked any more; another worker comes for the new
  // event.
  let meanwhile: number | undefined;
  const slow = log.worker(async (name) => {
    if (name === 'events.retry:before') meanwhile = await log.worker().run(consumer, 50);
  });
  await drain(slow, consumer);
  assert.equal(meanwhile, 0);
  await drain(bus, consumer);
  assert.deepEqual(
    (await log.seen('meeting')).filter((text) => text.startsWith(payment)),
    [place(payment, 1), place(payment, 2)],
  );
  assert.deepEqual(await bus.parked(payment), []);
});
