import assert from 'node:assert/strict';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { openSql, type RawSql } from './client.ts';
import { type TestDatabase, testDatabase } from './testing/database.ts';
import { type Failpoint, makeTransact } from './transaction.ts';

let database: TestDatabase;
let admin: RawSql;
before(async () => {
  database = await testDatabase();
  admin = openSql(database.url('owner'), { application: 'test admin', max: 1 });
  await admin`CREATE TABLE notes (word text PRIMARY KEY)`;
});
after(async () => {
  await admin.end();
  await database.drop();
});

/** Notes are nobody's: the label is any that there is. */
const label = 'payments.commit';

/** A pool of its own, so that its backends can be found and ended. */
function pool(application: string, max: number) {
  const sql = openSql(database.url('owner'), { application, max });
  return {
    sql,
    endBackends: () =>
      admin`SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = ${application}`,
    [Symbol.asyncDispose]: () => sql.end({ timeout: 5 }),
  };
}

const write = (word: string) => async (tx: RawSql) => void (await tx`INSERT INTO notes VALUES (${word})`);
const written = async (word: string) => (await admin`SELECT 1 FROM notes WHERE word = ${word}`).length === 1;

for (const [place, committed] of [
  ['begin', true],
  ['before', false],
  ['after', true],
] as const) {
  for (const max of [1, 2]) {
    test(`a backend that ends at ${place} harms nobody but its own transaction, ${max} in the pool`, async () => {
      const name = `${place} ${max}`;
      await using lost = pool(name, max);
      await Promise.all(Array.from({ length: max }, () => lost.sql`SELECT pg_sleep(0.01)`));
      let armed = true;
      const failpoint: Failpoint = async (at) => {
        if (!armed || at !== `${label}:${place}`) return;
        armed = false;
        await lost.endBackends();
      };
      const transact = makeTransact(lost.sql, { failpoint });
      const first = transact(label, write(name));
      if (committed) await first;
      else await assert.rejects(first, { code: 'unavailable' });
      assert.equal(await written(name), committed);
      await Promise.all(Array.from({ length: 2 * max }, (_, n) => transact(label, write(`${name} next ${n}`))));
      assert.equal(await written(`${name} next 0`), true);
    });
  }
}

test('a backend that ends in the midst of a statement refuses its transaction, and the next one goes through', async () => {
  await using lost = pool('midst', 1);
  const transact = makeTransact(lost.sql);
  const slow = transact(label, async (tx) => {
    await tx`INSERT INTO notes VALUES ('midst')`;
    await Promise.all([tx`SELECT pg_sleep(30)`, lost.endBackends()]);
  });
  await assert.rejects(slow, { code: 'unavailable' });
  assert.equal(await written('midst'), false);
  await transact(label, write('after midst'));
  assert.equal(await written('after midst'), true);
});

test('a connection that is used in the very turn in which it closes is of use again', async () => {
  const sockets: Socket[] = [];
  const opened = (message: unknown) => void sockets.push((message as { socket: Socket }).socket);
  subscribe('net.client.socket', opened);
  await using lost = pool('turn', 1);
  const transact = makeTransact(lost.sql, { patience: 5_000 });
  await transact(label, write('turn'));
  unsubscribe('net.client.socket', opened);
  // From here the write is due in the next turn, and the end of the connection in this one.
  await new Promise((resolve) => setImmediate(resolve));
  sockets.at(-1)?.destroy();
  await assert.rejects(lost.sql`SELECT 1`.execute(), { code: 'CONNECTION_CLOSED' });
  await transact(label, write('next turn'));
  assert.equal(await written('next turn'), true);
});

test('a transaction that writes once is one statement, unless somebody stands at its failpoints', async () => {
  await using fine = pool('once', 1);
  const isAlone = async (tx: RawSql) => {
    await tx`SELECT 1`;
    const [backend] = await admin`SELECT state FROM pg_stat_activity WHERE application_name = 'once'`;
    return backend?.state === 'idle';
  };
  const bare = makeTransact(fine.sql);
  assert.equal(await bare(label, isAlone, { writesOnce: true }), false, 'no connection stands yet');
  assert.equal(await bare(label, isAlone, { writesOnce: true }), true);
  assert.equal(await bare(label, isAlone), false);
  const passed: string[] = [];
  const watched = makeTransact(fine.sql, { failpoint: (at) => void passed.push(at) });
  assert.equal(await watched(label, isAlone, { writesOnce: true }), false);
  assert.deepEqual(
    passed,
    ['begin', 'before', 'after'].map((place) => `${label}:${place}`),
  );
});

test('a write that found no connection is not made after its caller was told to look for himself', async () => {
  using wire = await heldWire();
  const late = openSql(wire.url, { application: 'once late', max: 1 });
  const transact = makeTransact(late, { patience: 300 });
  await assert.rejects(transact(label, write('late'), { writesOnce: true }), { code: 'unavailable' });
  wire.letGo();
  await makeTransact(late)(label, write('after late'));
  assert.equal(await written('late'), false);
  assert.equal(await written('after late'), true);
  await late.end();
});

test('a backend that ends in the midst of a transaction that writes once refuses it, and the next one goes through', async () => {
  await using lost = pool('once midst', 1);
  const transact = makeTransact(lost.sql);
  const slow = (tx: RawSql) => tx`INSERT INTO notes SELECT 'once midst' FROM pg_sleep(30)`;
  const once = { writesOnce: true };
  await transact(label, (tx) => tx`SELECT 1`);
  const broken = transact(label, slow, once);
  await Promise.all([assert.rejects(broken, { code: 'unavailable' }), untilBusy('once midst').then(lost.endBackends)]);
  assert.equal(await written('once midst'), false);
  await transact(label, write('after once midst'), once);
  assert.equal(await written('after once midst'), true);
});

test('a transaction that writes once and hangs is given up in time', async () => {
  await using slow = pool('once hanging', 1);
  await slow.sql`SELECT 1`;
  const transact = makeTransact(slow.sql, { patience: 200 });
  const hanging = transact(label, (tx) => tx`SELECT pg_sleep(1)`, { writesOnce: true });
  await assert.rejects(hanging, { code: 'unavailable', message: /did not answer in time/ });
});

test('a transaction that writes once waits behind no other one while a connection is free', async () => {
  await using two = pool('once beside', 2);
  await Promise.all([two.sql`SELECT pg_sleep(0.01)`, two.sql`SELECT pg_sleep(0.01)`]);
  const transact = makeTransact(two.sql);
  const once = { writesOnce: true };
  const stuck = transact(label, (tx) => tx`SELECT pg_sleep(30)`, once).catch(() => 'ended');
  const others = Array.from({ length: 6 }, (_, n) => transact(label, write(`once beside ${n}`), once));
  assert.equal(await Promise.race([Promise.all(others).then(() => 'written'), stuck]), 'written');
  await two.endBackends();
  assert.equal(await stuck, 'ended');
});

/** A wire to the server that carries nothing until it is let go. */
async function heldWire() {
  const url = new URL(database.url('owner'));
  const far = { host: url.hostname, port: Number(url.port) };
  // By TCP, where a wire can be held.
  url.search = '';
  let letGo = () => {};
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const server = createServer(async (near) => {
    await held;
    near.pipe(connect(far)).pipe(near);
  }).listen(0, url.hostname);
  await once(server, 'listening');
  url.port = String((server.address() as AddressInfo).port);
  return { url: url.toString(), letGo, [Symbol.dispose]: () => void server.close() };
}

/** Until the pool's backend is at work on a statement. */
async function untilBusy(application: string): Promise<void> {
  for (;;) {
    const busy = await admin`
      SELECT 1 FROM pg_stat_activity WHERE application_name = ${application} AND state = 'active'`;
    if (busy.length > 0) return;
    await sleep(5);
  }
}

test('a transaction that hangs is given up in time, and is not committed when it comes to', async () => {
  await using slow = pool('hanging', 1);
  await slow.sql`SELECT 1`;
  const transact = makeTransact(slow.sql, { patience: 200 });
  const gate = Promise.withResolvers<void>();
  const hanging = transact(label, async (tx) => {
    await write('hanging')(tx);
    await gate.promise;
  });
  await assert.rejects(hanging, { code: 'unavailable', message: /did not answer in time/ });
  await assert.rejects(transact(label, write('waiting')), { code: 'unavailable' });
  gate.resolve();
  await transact(label, write('after hanging'));
  assert.deepEqual(await Promise.all(['hanging', 'waiting', 'after hanging'].map(written)), [false, false, true]);
});

test('how long a transaction may hang is the clock’s to say', async () => {
  await using slow = pool('virtual', 1);
  const waits = new Set<() => void>();
  const asked: number[] = [];
  const clock: Clock = {
    ...systemClock,
    after(ms, fn) {
      asked.push(ms);
      waits.add(fn);
      return () => void waits.delete(fn);
    },
  };
  const transact = makeTransact(slow.sql, { clock });
  const gate = Promise.withResolvers<void>();
  const hanging = transact(label, async (tx) => {
    await write('virtual')(tx);
    for (const over of waits) over();
    await gate.promise;
  });
  await assert.rejects(hanging, { code: 'unavailable', message: /did not answer in time/ });
  gate.resolve();
  await transact(label, write('after virtual'));
  assert.deepEqual([await written('virtual'), await written('after virtual')], [false, true]);
  assert.deepEqual([asked, waits.size], [[15_000, 15_000], 0]);
});

test('what a transaction itself refuses is heard as it was said', async () => {
  await using fine = pool('fine', 1);
  const transact = makeTransact(fine.sql);
  await assert.rejects(
    transact(label, () => Promise.reject(new Error('no'))),
    /no/,
  );
  await transact(label, write('twice'));
  await assert.rejects(transact(label, write('twice')), { code: '23505' });
});
