import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Consumer } from './consumer.ts';
import { beginning, readLog } from './read.ts';
import { catchUp } from './testing/catch-up.ts';
import { ids, type Log, logOnDatabase, place, scribe } from './testing/log.ts';

// Who acts on some facts alone is told of those, and stands behind the others all the same.

let log: Log;
before(async () => {
  log = await logOnDatabase();
});
after(() => log[Symbol.asyncDispose]());

/** Acts on what comes second and later of a payment, and on no birth. */
const picky = (name: string, poison?: Parameters<typeof scribe>[1]): Consumer => ({
  ...scribe(name, poison),
  triggers: ['intent_canceled'],
});

async function appendLives(count: number, seqs: number[]): Promise<string[]> {
  const payments = Array.from({ length: count }, () => ids());
  for (const seq of seqs) await log.append(payments.map((payment) => ({ payment, seq })));
  return payments;
}

test('every event that it acts on is told once and in order, whatever the batch, and no other', async () => {
  const payments = await appendLives(9, [1, 2, 3]);
  for (const limit of [1, 2, 7, 500]) {
    const name = `by ${limit}`;
    await catchUp(log.worker(), picky(name), limit);
    const seen = await log.seen(name);
    assert.equal(seen.length, 18);
    for (const payment of payments) {
      const own = seen.filter((text) => text.startsWith(payment));
      assert.deepEqual(own, [place(payment, 2), place(payment, 3)]);
    }
  }
});

test('where nothing in sight means anything to it, its cursor moves on, and it says that there may be more', async () => {
  const bus = log.worker();
  const consumer = picky('through the desert');
  await catchUp(bus, consumer);
  const payments = await appendLives(20, [1]);
  await log.append([{ payment: payments[0] ?? '', seq: 2 }]);
  const was = (await log.seen(consumer.name)).length;
  // Eight are in sight of who takes one.
  assert.deepEqual([await bus.run(consumer, 1), (await log.seen(consumer.name)).length], [8, was]);
  await catchUp(bus, consumer, 1);
  assert.deepEqual((await log.seen(consumer.name)).slice(was), [place(payments[0] ?? '', 2)]);
});

test('what fails is parked alone, among events that it passes over, and comes again before what is behind it', async () => {
  const bus = log.worker();
  let cured = false;
  const [sick = '', well = ''] = await appendLives(2, [1, 2, 3]);
  const consumer = picky('choosy', ({ paymentId, seq }) => !cured && paymentId === sick && seq === 2);
  await catchUp(bus, consumer);
  const seen = async (payment: string) => (await log.seen(consumer.name)).filter((text) => text.startsWith(payment));
  assert.deepEqual([await seen(sick), await seen(well)], [[], [place(well, 2), place(well, 3)]]);
  const parked = await bus.parked(sick);
  assert.deepEqual(parked.map(({ event, why }) => `${event.seq} ${why}`).sort(), ['2 trying', '3 behind']);
  cured = true;
  log.clock.forward(60_000);
  await catchUp(bus, consumer);
  assert.deepEqual(await seen(sick), [place(sick, 2), place(sick, 3)]);
});

test('what fails behind many that mean nothing is parked, too, though it was read alone', async () => {
  const bus = log.worker();
  const consumer = picky('beyond the desert', () => true);
  const healthy = picky(consumer.name);
  await catchUp(bus, healthy);
  const [sick = ''] = await appendLives(20, [1]);
  await log.append([{ payment: sick, seq: 2 }]);
  await catchUp(bus, consumer);
  assert.deepEqual(
    (await bus.parked(sick)).map(({ event, why }) => `${event.seq} ${why}`),
    ['2 trying'],
  );
});

test('the last event in sight is read also where it means nothing: it is the place to go on from', async () => {
  const triggers = ['nothing that ever happens'];
  const all = await readLog(log.owner, beginning, { limit: 1_000 });
  const [last, ...more] = await readLog(log.owner, beginning, { limit: 1_000, triggers });
  assert.deepEqual([last?.place, last?.nth, more], [all.at(-1)?.place, all.length, []]);
});
