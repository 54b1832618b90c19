import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { LoggedEvent } from '#server/events/consumer.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { makeCheckout } from './make.ts';
import { cart, claimOf, merchant, openSession, press } from './testing/given.ts';
import { type Saga, sagaOnDatabase } from './testing/saga.ts';
import type { Warehouse } from './warehouse.ts';

// What comes together shares statements and commits, and each is answered for itself.

let saga: Saga;
before(async () => {
  saga = await sagaOnDatabase();
});
after(() => saga[Symbol.asyncDispose]());

/** The web's checkout, which also counts its transactions. */
function counting() {
  const counted: string[] = [];
  const transact: Transact = (label, fn) => {
    counted.push(label);
    return saga.seams.transact(label, fn);
  };
  return { checkout: makeCheckout({ ...saga.seams, transact }), counted };
}

test('those who press at once share a commit, and each session is paid by its own press', async () => {
  const opened = await Promise.all(Array.from({ length: 20 }, () => openSession(saga)));
  const { checkout, counted } = counting();
  const told = await Promise.all(opened.map(({ shopper }) => checkout.confirm(shopper, press())));
  assert.deepEqual(
    told.map(({ kind }) => kind),
    opened.map(() => 'paid'),
  );
  assert.ok(counted.length <= 3, `${counted.length} transactions for 20 presses`);
});

test('of sessions that are asked for at once the one that cannot be written is refused alone', async () => {
  const callers = Array.from({ length: 9 }, merchant);
  const asked = await Promise.allSettled(
    callers.map((caller, n) => saga.checkout.createSession(caller, cart(n === 4 ? { clientReferenceId: 'a\0b' } : {}))),
  );
  assert.deepEqual(
    asked.map(({ status }) => status),
    callers.map((_, n) => (n === 4 ? 'rejected' : 'fulfilled')),
  );
  const found = await Promise.all(callers.map((caller) => saga.orders.list(caller, { limit: 10 })));
  assert.deepEqual(
    found.map(({ rows }) => rows.length),
    callers.map((_, n) => (n === 4 ? 0 : 1)),
  );
});

test('of sessions that are asked for at once the one whose key is taken is refused alone', async () => {
  const callers = Array.from({ length: 9 }, merchant);
  const [taken] = callers;
  assert.ok(taken);
  const create = (caller: typeof taken, request: string) =>
    saga.checkout.createSession(caller, cart({ claim: claimOf(caller, 'key', request) }));
  await create(taken, 'first');
  const asked = await Promise.allSettled(callers.map((caller) => create(caller, 'second')));
  const codes = asked.map((one) => (one.status === 'rejected' ? one.reason instanceof Refusal && one.reason.code : ''));
  assert.deepEqual(
    codes,
    callers.map((caller) => (caller === taken ? 'idempotency_in_flight' : '')),
  );
  assert.equal((await saga.orders.list(taken, { limit: 10 })).rows.length, 1);
});

test('an answer for an order that somebody holds waits alone, and the others are written', async () => {
  const bought = await Promise.all([saga.bought(), saga.bought(), saga.bought()]);
  const [held] = bought;
  const owner = openSql(saga.database.url('owner'), { application: 'holds a row', max: 1 });
  const released = Promise.withResolvers<void>();
  const holding = Promise.withResolvers<void>();
  const answered = Promise.withResolvers<void>();
  const holder = owner.begin(async (tx) => {
    await holding.promise;
    await tx`SELECT 1 FROM fulfilments WHERE order_id = ${held.orderId} FOR UPDATE`;
    answered.resolve();
    await released.promise;
  });
  // Nobody is answered before the row is held, and then all at once.
  const port: Warehouse = {
    async ship() {
      holding.resolve();
      await answered.promise;
      return { kind: 'shipped' };
    },
    ask: async () => ({ kind: 'absent' }),
  };
  for (const { caller } of bought) saga.warehouses.set(caller.merchantId, port);
  const states = () => Promise.all(bought.map(async ({ order }) => (await order()).state));
  const round = saga.round();
  const sent = async () => (await states()).filter((state) => state === 'fulfilled').length;
  for (let looks = 0; looks < 1_000 && (await sent()) < 2; looks++) await sleep(5);
  assert.deepEqual(await states(), ['fulfilling', 'fulfilled', 'fulfilled']);
  released.resolve();
  await Promise.all([holder, round]);
  await owner.end();
  assert.deepEqual(await states(), ['fulfilled', 'fulfilled', 'fulfilled']);
});

test('an order that two runs have an answer for at once keeps nobody else from theirs', async () => {
  const bought = await Promise.all([saga.bought(), saga.bought(), saga.bought()]);
  const [shipping, asking] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let calls = 0;
  const port: Warehouse = {
    async ship() {
      calls += 1;
      if (calls === bought.length) shipping.resolve();
      await asking.promise;
      return { kind: 'shipped' };
    },
    async ask() {
      asking.resolve();
      await asking.promise;
      return { kind: 'shipped' };
    },
  };
  for (const { caller } of bought) saga.warehouses.set(caller.merchantId, port);
  const first = saga.round();
  await shipping.promise;
  saga.pass(31_000);
  const [, again] = await Promise.all([first, saga.orders.fulfil(1)]);
  assert.equal(again, 1);
  const orders = await Promise.all(bought.map(({ order }) => order()));
  for (const { state, entries } of orders) {
    assert.equal(state, 'fulfilled');
    assert.equal(entries.filter(({ trigger }) => trigger === 'ship').length, 1);
  }
});

test('captures that the log tells of together are dealt with together, and one that cannot be stops no other', async () => {
  const bought = await Promise.all([saga.bought(), saga.bought(), saga.bought()]);
  const owner = openSql(saga.database.url('owner'), { application: 'test', max: 1 });
  await owner.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`UPDATE orders SET state = 'expired' WHERE id = ${bought[1].orderId}`;
  });
  await owner.end();
  await saga.settle(1);
  const states = await Promise.all(bought.map(async ({ order }) => (await order()).state));
  assert.deepEqual(states, ['fulfilled', 'expired', 'fulfilled']);
});

test('an order that stands twice in what the log tells is paid once and sent once, and so are its neighbours', async () => {
  const bought = await Promise.all([saga.bought(), saga.bought()]);
  const payments = await Promise.all(bought.map(({ payment }) => payment()));
  const events = await saga.sql<LoggedEvent[]>`
    SELECT id, payment_id AS "paymentId", seq, merchant_id AS "merchantId", from_state AS "from", trigger, at
    FROM events WHERE payment_id = ANY(${payments.map(({ id }) => id)}::uuid[]) ORDER BY payment_id, seq`;
  await saga.sql.begin((tx) => saga.orders.consumer.effect(tx as never, [...events, ...events]));
  await saga.settle(1);
  for (const { order } of bought) {
    const { state, entries } = await order();
    assert.equal(state, 'fulfilled');
    assert.deepEqual(
      entries.map(({ trigger }) => trigger),
      ['create', 'pay', 'begin_fulfilment', 'warehouse_asked', 'ship'],
    );
  }
});
