import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from '#db/client.ts';
import { makeTransact } from '#db/transaction.ts';
import { makeBus } from '#server/events/bus.ts';
import type { Bus } from '#server/events/consumer.ts';
import { rebuild } from '#server/events/rebuild.ts';
import { catchUp, settled } from '#server/events/testing/catch-up.ts';
import { accepted, paymentsOnDatabase, refused, silence } from '#server/payments/testing/room.ts';
import { figures } from './figures.ts';
import { hourlyFigures } from './hourly-figures.ts';
import { boundOf, bounds, quantile } from './latency.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
let worker: RawSql;
let bus: Bus;
before(async () => {
  room = await paymentsOnDatabase();
  worker = openSql(room.url('worker'), { application: 'test worker', max: 4 });
  bus = makeBus({ sql: worker, transact: makeTransact(worker), clock: room.clock });
});
after(async () => {
  await worker.end();
  await room[Symbol.asyncDispose]();
});

const hour = 3_600_000;
const day = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-02T00:00:00Z') };
const raw = () =>
  room.owner`SELECT * FROM hourly_figures ORDER BY merchant_id, hour, provider, currency`.then((rows) => [...rows]);

const caughtUp = (limit: number) => catchUp(bus, hourlyFigures, limit);

test('an hour says how many were asked for, approved and declined, how fast, and what was captured and given back', async () => {
  const { script, clock, payments, caller } = room;
  script.send = (order) => {
    clock.forward(order.kind === 'authorize' ? 150 : 0);
    return accepted(order);
  };
  await room.paid('manual', 1_000n);
  const { id: paymentId } = await room.paid('automatic', 5_000n);
  await payments.refund(caller, { paymentId, amount: 2_000n });
  script.send = () => {
    clock.forward(4_000);
    return refused;
  };
  await room.paid('automatic', 9_000n);
  clock.forward(hour);
  script.send = () => silence;
  script.inquire = () => silence;
  await room.paid('automatic', 700n);
  await caughtUp(3);
  const [later, earlier] = await figures(room.sql, caller, day);
  assert.deepEqual(earlier, {
    hour: new Date('2026-03-01T12:00:00Z'),
    provider: 'alder',
    currency: 'EUR',
    asked: 3,
    approved: 2,
    declined: 1,
    unanswered: 0,
    authorized: 6_000n,
    captures: 1,
    captured: 5_000n,
    refunds: 1,
    refunded: 2_000n,
    successRate: 2 / 3,
    median: 200,
    p99: 5_000,
  });
  assert.ok(later && later.unanswered > 0);
  assert.deepEqual([later.asked, later.approved, later.successRate, later.median], [1, 0, null, null]);
});

test("another merchant's figures are not shown", async () => {
  assert.deepEqual(await figures(room.sql, { ...room.caller, merchantId: room.ids() }, day), []);
});

test('made again from the log, in batches of another size, the figures are the same', async () => {
  await caughtUp(1);
  const was = await raw();
  assert.ok(was.length >= 2);
  const { owner: sql, clock } = room;
  await sql`UPDATE hourly_figures SET captured = captured + 1, answers_within = '{}'`;
  await settled(sql);
  await rebuild({ sql, transact: makeTransact(sql), clock }, hourlyFigures);
  assert.deepEqual(await raw(), was);
  await caughtUp(1);
  assert.deepEqual(await raw(), was);
});

test('answers are counted by the first bound that holds them, and quantiles are bounds', () => {
  assert.equal(boundOf(0), 0);
  assert.equal(boundOf(100), 0);
  assert.equal(boundOf(101), 1);
  assert.equal(boundOf(60_001), bounds.length);
  assert.equal(quantile([], 0.5), null);
  assert.equal(quantile([1, 0, 0, 1], 0.5), 100);
  assert.equal(quantile([1, 0, 0, 1], 0.51), 500);
  assert.equal(quantile([...bounds.map(() => 0), 1], 0.5), Number.POSITIVE_INFINITY);
});
