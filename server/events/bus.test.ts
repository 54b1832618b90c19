import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RawSql } from '#db/client.ts';
import { catchUp, settled } from './testing/catch-up.ts';
import { ids, type Log, logOnDatabase, place, scribe } from './testing/log.ts';

let log: Log;
before(async () => {
  log = await logOnDatabase();
});
after(() => log[Symbol.asyncDispose]());

/** A promise and who keeps it. */
function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** Appends in a transaction that stays open until it is let go. */
async function appending(work: (tx: RawSql) => Promise<void>) {
  const written = gate();
  const release = gate();
  const done = log.owner.begin(async (tx) => {
    await work(tx as unknown as RawSql);
    written.open();
    await release.opened;
  });
  await Promise.race([written.opened, done]);
  return {
    async commit() {
      release.open();
      await done;
    },
  };
}

test('an event whose transaction began first and commits last is not skipped by who has read the later one', async () => {
  const bus = log.worker();
  const consumer = scribe('gap');
  await catchUp(bus, consumer);
  const [early, late] = [ids(), ids()];
  const held = await appending((tx) => log.append([{ payment: early, seq: 1 }], tx));
  await log.append([{ payment: late, seq: 1 }], log.owner);
  // The later number is committed, and the earlier one not: nothing from there on may be read yet.
  assert.equal(await bus.run(consumer, 1_000), 0);
  await held.commit();
  await settled(log.owner);
  assert.equal(await bus.run(consumer, 1_000), 2);
  const seen = await log.seen('gap');
  assert.deepEqual(seen.slice(-2), [place(early, 1), place(late, 1)]);
});

test('the events of a payment are seen in order, also when a batch ends between them', async () => {
  const bus = log.worker();
  const consumer = scribe('order');
  await catchUp(bus, consumer);
  const [one, other] = [ids(), ids()];
  await log.append([
    { payment: one, seq: 2 },
    { payment: other, seq: 1 },
    { payment: one, seq: 1 },
    { payment: one, seq: 3 },
  ]);
  await log.append([{ payment: one, seq: 4 }]);
  const was = (await log.seen('order')).length;
  const counts = [await bus.run(consumer, 2), await bus.run(consumer, 2), await bus.run(consumer, 2)];
  assert.deepEqual(counts, [2, 2, 1]);
  const seen = (await log.seen('order')).slice(was);
  assert.deepEqual(
    seen.filter((text) => text.startsWith(one)),
    [1, 2, 3, 4].map((seq) => place(one, seq)),
  );
  assert.ok(seen.includes(place(other, 1)));
});

test('two consumers each see everything, and neither moves the other', async () => {
  const bus = log.worker();
  const payment = ids();
  await log.append([{ payment, seq: 1 }]);
  for (const name of ['left', 'right']) {
    await catchUp(bus, scribe(name));
    assert.equal((await log.seen(name)).filter((text) => text === place(payment, 1)).length, 1);
  }
});

test('while one worker is at it, another finds nothing to do; it waits for nobody', async () => {
  const inside = gate();
  const release = gate();
  const slow = log.worker(async (name) => {
    if (name !== 'events.consume:before') return;
    inside.open();
    await release.opened;
  });
  const consumer = scribe('pair');
  await log.append([{ payment: ids(), seq: 1 }]);
  const first = slow.run(consumer, 1_000);
  await inside.opened;
  assert.equal(await log.worker().run(consumer, 1_000), 0);
  release.open();
  const count = await first;
  assert.ok(count > 0);
  assert.equal((await log.seen('pair')).length, count);
});

test('three workers that run as they like do everything once and in order', async () => {
  const consumer = scribe('crowd');
  const drained = log.worker();
  await catchUp(drained, consumer);
  const was = (await log.seen('crowd')).length;
  const payments = Array.from({ length: 20 }, () => ids());
  for (let seq = 1; seq <= 5; seq++) await log.append(payments.map((payment) => ({ payment, seq })));
  const done = async () => (await log.seen('crowd')).length - was;
  const work = async (bus: ReturnType<Log['worker']>) => {
    while ((await done()) < 100) await bus.run(consumer, 7);
  };
  await Promise.all([work(log.worker()), work(log.worker()), work(log.worker())]);
  const seen = (await log.seen('crowd')).slice(was);
  assert.equal(seen.length, 100);
  for (const payment of payments) {
    assert.deepEqual(
      seen.filter((text) => text.startsWith(payment)),
      [1, 2, 3, 4, 5].map((seq) => place(payment, seq)),
    );
  }
});

test('without the database no event is to blame: nothing is parked, and the next run goes on', async () => {
  const owner = log.owner;
  const consumer = {
    name: 'cut off',
    async effect() {
      await owner`
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE datname = current_database() AND application_name = 'test worker' AND state LIKE 'idle in transaction%'`;
      throw new Error('whatever an effect says whose connection is gone');
    },
  };
  await log.append([{ payment: ids(), seq: 1 }]);
  const bus = log.worker();
  await assert.rejects(bus.run(consumer, 1), { code: 'unavailable' });
  assert.equal((await owner`SELECT 1 FROM parked_events WHERE consumer = 'cut off'`).length, 0);
  assert.equal(await bus.run(scribe('cut off'), 1), 1);
});

test('an appended event wakes who waits, also after the connection that listens was lost', async () => {
  const bus = log.worker();
  const waiting = new AbortController();
  // Whoever waits is woken when listening begins, since something may have been missed before.
  await bus.awaitNews(60_000, waiting.signal);
  const news = bus.awaitNews(60_000, waiting.signal);
  await log.append([{ payment: ids(), seq: 1 }]);
  await news;
  const again = bus.awaitNews(60_000, waiting.signal);
  const [lost] = await log.owner<{ n: number }[]>`
    SELECT count(pg_terminate_backend(pid, 5000))::int AS n FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'test worker' AND query ILIKE 'listen%'`;
  assert.equal(lost?.n, 1);
  await again;
  const third = bus.awaitNews(60_000, waiting.signal);
  await log.append([{ payment: ids(), seq: 1 }]);
  await third;
});

test('who waits for news is let go after its patience, and at once on the signal', async () => {
  const deaf = log.worker(undefined, { listen: () => new Promise(() => {}) });
  await deaf.awaitNews(1);
  const stopping = new AbortController();
  const stopped = deaf.awaitNews(60_000, stopping.signal);
  stopping.abort();
  await stopped;
  await deaf.awaitNews(60_000, stopping.signal);
});

test('standings say how many events a consumer has not seen, and how old the first of them is', async () => {
  const bus = log.worker();
  const consumer = scribe('standing');
  await catchUp(bus, consumer);
  assert.deepEqual(await bus.standings([consumer]), [{ name: 'standing', behind: 0, lag: 0, parked: 0 }]);
  await log.append([{ payment: ids(), seq: 1 }]);
  log.clock.forward(7_000);
  await log.append([{ payment: ids(), seq: 1 }]);
  assert.deepEqual(await bus.standings([consumer]), [{ name: 'standing', behind: 2, lag: 7_000, parked: 0 }]);
  const [unborn] = await bus.standings([scribe('never ran')]);
  assert.ok(unborn && unborn.behind > 2);
});
