import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import type { Caller } from '#server/auth/caller.ts';
import { showId, uuidv7 } from '#server/kernel/id.ts';
import type { Random } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { makePayments } from '#server/payments/make.ts';
import { makeProviders } from '#server/providers/providers.ts';
import { readProviders } from '#server/providers/settings.ts';
import { type Acquirers, makeAcquirers, type Trouble } from './testing/acquirers.ts';
import { type VirtualClock, virtualClock } from './testing/virtual-clock.ts';
import { watched } from './testing/watched.ts';

// The first provider is down for ten minutes, in three ways one after the other, and for one of them the second is down
// too. An api and a worker, each with its own view of who is well, on one database and one clock.

const second = 1_000;
const alderDown = { from: 60 * second, until: 660 * second };
const birchDown = { from: 300 * second, until: 360 * second };
const loadUntil = 700 * second;
const step = second;

function troubleAt(provider: string, at: number): Trouble {
  if (provider === 'birch') return at >= birchDown.from && at < birchDown.until ? 'refusing' : undefined;
  if (at < alderDown.from || at >= alderDown.until) return undefined;
  return (['hanging', 'losing', 'refusing'] as const)[Math.floor((at - alderDown.from) / (200 * second))];
}

/** The same numbers in every run. */
function seeded(seed: number): Random {
  let state = seed;
  return (size) => {
    const bytes = Buffer.alloc(size);
    for (let n = 0; n < size; n++) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      bytes[n] = state >>> 24;
    }
    return bytes;
  };
}

let database: TestDatabase;
let house: ReturnType<typeof makeHouse>;
before(async () => {
  database = await testDatabase();
  house = makeHouse();
});
after(async () => {
  await house.close();
  await database.drop();
});

function makeHouse() {
  const clock = virtualClock();
  const random = seeded(7);
  const trouble = (provider: string) => troubleAt(provider, clock.elapsed());
  const coin = () => (random(1)[0] ?? 0) < 128;
  const patience = (method: 'GET' | 'POST') => (method === 'GET' ? 5_000 : 10_000);
  const acquirers = makeAcquirers({ clock, trouble, coin, patience });
  // Made in one millisecond, ids would be in no order.
  let made = 0;
  const ids = uuidv7({ now: () => new Date(clock.now().getTime() + made++), random });
  const owner = openDatabase({ url: database.url('owner'), application: 'watcher' });
  const processes = (['api', 'worker'] as const).map((role) => makeProcess(role, { clock, random, ids, acquirers }));
  return {
    clock,
    acquirers,
    ids,
    sql: owner.sql,
    processes,
    api: processes[0],
    worker: processes[1],
    close: () => Promise.all([...processes, owner].map((one) => one.close())),
  };
}

interface Seams {
  clock: VirtualClock;
  random: Random;
  ids: () => string;
  acquirers: Acquirers;
}

function makeProcess(role: 'api' | 'worker', { clock, random, ids, acquirers }: Seams) {
  const { close, ...pools } = openDatabase({ url: database.url(role), application: 'outage' });
  const [reader, mover] = [watched(pools.sql), watched(pools.mover)];
  const log = makeLog('test', { write: () => {} });
  const fees = { kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25 };
  const settings = readProviders(JSON.stringify(['alder', 'birch'].map((name) => ({ name, ...fees }))));
  const providers = makeProviders({ vault: acquirers.vault, clock, random, log, settings });
  const card = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2031, fingerprint: 'fp_1' };
  const vault = { describe: async () => card };
  const payments = makePayments({
    sql: reader.sql,
    mover: mover.sql,
    clock,
    ids,
    vault,
    providers,
    log,
    offers: settings,
  });
  return { payments, providers, close, busy: () => reader.busy() + mover.busy() };
}

/** Until nothing moves any more but time itself: everybody waits for the clock. */
async function quiet(): Promise<void> {
  const busy = () => house.processes.some((one) => one.busy() > 0);
  // Between two queries of one task lie a few turns of the event loop: a batch waits for the end of its turn.
  for (let calm = 0; calm < 3; calm = busy() ? 0 : calm + 1) await (busy() ? sleep(1) : new Promise(setImmediate));
}

/** As the worker does it: again and again, and never twice at once. */
function job(run: () => Promise<unknown>): () => void {
  let running = false;
  return () => {
    if (running) return;
    running = true;
    run()
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        running = false;
      });
  };
}

const failures: unknown[] = [];

test('a provider that is down for ten minutes costs no payment, and no shopper pays twice', async (t) => {
  const { clock, api, worker, acquirers, sql, ids } = house;
  assert.ok(api && worker);
  const caller: Caller = { kind: 'merchant_key', merchantId: ids(), keyId: ids(), mode: 'test' };
  const charge = async () => {
    const { id: intentId } = await api.payments.create(caller, {
      amount: 1_000n,
      currency: 'EUR',
      captureMethod: 'manual',
    });
    await api.payments.confirm(caller, { intentId, token: 'pm_1' });
  };
  const jobs = [job(() => worker.payments.sweep(100)), job(() => worker.payments.dequeue(100))];
  const seen = { longestQueue: 0, drained: Number.POSITIVE_INFINITY, resolved: 0 };
  let charges = 0;
  for (;;) {
    const at = clock.elapsed();
    if (at < loadUntil) {
      charges += 1;
      charge().catch((error: unknown) => failures.push(error));
    }
    for (const run of jobs) run();
    await quiet();
    const { queued, open } = await standing();
    seen.longestQueue = Math.max(seen.longestQueue, queued);
    if (at >= birchDown.until && queued === 0) seen.drained = Math.min(seen.drained, at);
    if (open > 0) seen.resolved = at;
    if (at >= loadUntil && queued === 0 && open === 0) break;
    assert.ok(at < 1_800 * second, `${queued} are queued and ${open} open long after everybody is well`);
    clock.forward(step);
  }

  const rows = await sql<{ id: string; state: string; provider: string; operations: number }[]>`
    SELECT p.id, p.state, p.provider, (SELECT count(*)::int FROM operations o WHERE o.payment_id = p.id) AS operations
    FROM payments p ORDER BY p.id`;
  const states = Map.groupBy(rows, ({ state }) => state);
  const held = heldBy(acquirers);
  const back = acquirers.arrivals.find(({ provider, at }) => provider === 'alder' && sinceStart(at) >= alderDown.until);
  const recovered = (sinceStart(back?.at ?? Number.POSITIVE_INFINITY) - alderDown.until) / second;
  t.diagnostic(`${charges} charges, ${[...states].map(([state, list]) => `${list.length} ${state}`).join(', ')}`);
  t.diagnostic(
    `${rows.filter(({ provider }) => provider === 'birch').length} went to birch, longest queue ${seen.longestQueue}`,
  );
  t.diagnostic(`queue drained ${(seen.drained - birchDown.until) / second} s after birch was back`);
  t.diagnostic(`alder took charges again ${recovered} s after it was back`);
  t.diagnostic(
    `the last unknown was resolved ${(seen.resolved + step - alderDown.until) / second} s after alder was back`,
  );

  assert.deepEqual(failures, []);
  assert.equal(rows.length, charges);
  assert.ok(seen.longestQueue > 0, 'nobody waited');
  assert.deepEqual([...states.keys()], ['authorized']);
  for (const { id, provider } of rows) assert.deepEqual(held.get(showId('payment', id)), [provider], id);
  assert.equal(held.size, charges);
  // A trial every half minute at the latest, and a queued payment is tried as often.
  assert.ok(recovered <= 60, `${recovered} s until charges flow again`);
  assert.ok(seen.drained - birchDown.until <= 90 * second, 'the queue stands');
});

/** Which acquirers hold money for each payment. */
function heldBy({ books }: Acquirers): Map<string, string[]> {
  const held = new Map<string, string[]>();
  for (const [provider, book] of Object.entries(books))
    for (const { reference } of book.values()) held.set(reference, [...(held.get(reference) ?? []), provider]);
  return held;
}

function sinceStart(at: number): number {
  return at - (house.clock.now().getTime() - house.clock.elapsed());
}

/** How many payments wait for a provider, and how many operations for an answer. */
async function standing(): Promise<{ queued: number; open: number }> {
  const [row] = await house.sql<{ queued: number; open: number }[]>`
    SELECT (SELECT count(*)::int FROM payments WHERE try_at IS NOT NULL) AS queued,
           (SELECT count(*)::int FROM operations WHERE closed_at IS NULL) AS open`;
  return row ?? { queued: 0, open: 0 };
}
