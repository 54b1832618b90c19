import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Connections, openDatabase, type RawSql } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { makeTransact, type Transact } from '#db/transaction.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { claimAlone, recall, remember } from './keys.ts';
import { makeKeys } from './make.ts';

let database: TestDatabase;
let open: Connections;
let transactions = 0;
let keys: ReturnType<typeof makeKeys>;
before(async () => {
  database = await testDatabase();
  open = openDatabase({ url: database.url('api'), application: 'test' });
  const transact = makeTransact(open.sql);
  const counted: Transact = (label, fn) => {
    transactions += 1;
    return transact(label, fn);
  };
  keys = makeKeys({ sql: open.sql, transact: counted, clock: systemClock });
});
after(async () => {
  await open.close();
  await database.drop();
});

const ids = uuidv7({ now: systemClock.now, random: systemRandom });
const subject = { kind: 'x', id: ids() };
const answer = (n: number) => ({ status: 200, body: `{"n":${n}}`, request: `req_${n}` });

function claimsOf(count: number) {
  const merchantId = ids();
  return Array.from({ length: count }, (_, n) => ({
    merchantId,
    key: `order ${n}`,
    fingerprint: Buffer.alloc(32, 1),
    request: `req_${n}`,
  }));
}

async function claimed(count: number) {
  const claims = claimsOf(count);
  for (const claim of claims) await claimAlone(open.sql, claim, subject, new Date());
  return claims;
}

test('fifty answers at once are one transaction, and each key has its own', async () => {
  const claims = await claimed(50);
  transactions = 0;
  await Promise.all(claims.map((claim, n) => keys.remember(claim, answer(n))));
  assert.equal(transactions, 1);
  const known = await Promise.all(claims.map(keys.recall));
  assert.deepEqual(
    known,
    claims.map((_, n) => ({ kind: 'done', ...answer(n) })),
  );
});

test('an answer that cannot be stored is refused alone: its neighbours are stored', async () => {
  const claims = await claimed(8);
  const answers = claims.map((_, n) => (n === 5 ? { ...answer(n), status: 3e9 } : answer(n)));
  const heard = await Promise.allSettled(claims.map((claim, n) => keys.remember(claim, answers[n] ?? answer(n))));
  const kept = await Promise.all(claims.map(keys.recall));
  for (const [n] of claims.entries()) {
    assert.equal(heard[n]?.status, n === 5 ? 'rejected' : 'fulfilled');
    assert.equal(kept[n]?.kind, n === 5 ? 'own' : 'done');
  }
});

test('of two answers to one key at once the first is stored', async () => {
  const [claim] = await claimed(1);
  assert.ok(claim);
  await Promise.all([1, 2].map((n) => keys.remember(claim, answer(n))));
  assert.deepEqual(await keys.recall(claim), { kind: 'done', ...answer(1) });
});

test('those who ask at once each hear of their own key', async () => {
  const [mine, done, other, twin] = await claimed(4);
  const [fresh] = claimsOf(1);
  assert.ok(mine && done && other && twin && fresh);
  await keys.remember(done, answer(1));
  const asked = [mine, done, { ...other, fingerprint: Buffer.alloc(32, 2) }, { ...twin, request: 'req_9' }, fresh];
  const heard = await Promise.allSettled(asked.map(keys.recall));
  assert.deepEqual(
    heard.map((one) => (one.status === 'fulfilled' ? one.value.kind : one.reason.code)),
    ['own', 'done', 'idempotency_mismatch', 'idempotency_in_flight', 'fresh'],
  );
});

test('two processes that answer the same keys, each in its own order, do not wait for each other', async () => {
  const [a, b] = await claimed(2);
  assert.ok(a && b);
  const [at, owner] = [new Date(), openDatabase({ url: database.url('owner'), application: 'holds a key' })];
  const { promise: released, resolve: release } = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  const holder = owner.sql.begin(async (tx) => {
    await tx`SELECT 1 FROM idempotency_keys WHERE merchant_id = ${a.merchantId} AND key = ${a.key} FOR UPDATE`;
    held.resolve();
    await released;
  });
  await held.promise;
  const kept = (claim: typeof a) => ({ claim, answer: answer(1), at });
  const both = [
    [a, b],
    [b, a],
  ].map(async (order, n) => {
    await untilBlocked(owner.sql, n);
    await open.sql.begin((tx) => remember(tx as unknown as RawSql, order.map(kept)));
  });
  await untilBlocked(owner.sql, 2);
  release();
  await Promise.all([holder, ...both]);
  assert.equal((await recall(open.sql, b, at)).kind, 'done');
  await owner.close();
});

async function untilBlocked(sql: RawSql, count: number): Promise<void> {
  for (;;) {
    const [row] = await sql<{ n: number }[]>`
      SELECT count(*)::int AS n FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`;
    if (row && row.n >= count) return;
    await sleep(5);
  }
}
