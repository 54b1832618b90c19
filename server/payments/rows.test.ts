import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { openSql, type RawSql } from '#db/client.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import { makeBus } from '#server/events/bus.ts';
import type { Bus } from '#server/events/consumer.ts';
import { rebuild } from '#server/events/rebuild.ts';
import { catchUp, settled } from '#server/events/testing/catch-up.ts';
import { showId } from '#server/kernel/id.ts';
import { byEnd } from './listing/ends.ts';
import { byFacets } from './listing/facets.ts';
import { stretchOf, usual } from './listing/reach.ts';
import { byFragment } from './listing/texts.ts';
import { paymentRows } from './rows.ts';
import { accepted, paymentsOnDatabase, refused, silence } from './testing/room.ts';
import type { PaymentRow } from './view.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
let worker: RawSql;
let bus: Bus;
before(async () => {
  room = await paymentsOnDatabase(['alder', 'birch']);
  worker = openSql(room.url('worker'), { application: 'test worker', max: 4 });
  bus = makeBus({ sql: worker, transact: makeTransact(worker), clock: room.clock });
});
after(async () => {
  await worker.end();
  await room[Symbol.asyncDispose]();
});

const caughtUp = () => catchUp(bus, paymentRows, 7);

/** Payments that went every way, some still waiting for an answer. */
async function lives(): Promise<void> {
  const { payments, caller, script } = room;
  const one = async (captureMethod: 'automatic' | 'manual', reference: string) => {
    const { id } = await payments.create(caller, {
      amount: 12_000n,
      currency: 'EUR',
      captureMethod,
      reference,
      receiptEmail: `${reference}@Example.test`,
    });
    const { payment } = await payments.confirm(caller, { intentId: id, token: 'pm_1' });
    assert.ok(payment);
    return { paymentId: payment.id, intentId: id };
  };
  await payments.create(caller, { amount: 500n, currency: 'JPY', reference: 'unpaid' });
  const whole = await one('automatic', 'whole');
  await payments.refund(caller, { paymentId: whole.paymentId });
  const part = await one('automatic', 'part');
  await payments.refund(caller, { paymentId: part.paymentId, amount: 2_000n });
  await caughtUp();
  const voided = await one('manual', 'voided');
  await payments.cancel(caller, { intentId: voided.intentId });
  script.send = () => refused;
  await one('automatic', 'declined');
  script.send = (order) => (order.kind === 'capture' ? refused : accepted(order));
  await one('automatic', 'compensated');
  script.send = () => silence;
  script.inquire = () => silence;
  await one('automatic', 'waiting');
  room.wellAgain();
  const owing = await one('automatic', 'owing');
  script.send = () => silence;
  script.inquire = () => silence;
  await payments.refund(caller, { paymentId: owing.paymentId, amount: 1n }).catch(() => {});
  room.wellAgain();
}

/** What the payments themselves say, in the words of the list. */
async function truth(): Promise<PaymentRow[]> {
  const rows = await room.sql`
    SELECT p.id, p.intent_id AS "intentId", p.state, p.amount, p.captured, p.refunded, p.currency, p.provider, t.reference,
      t.receipt_email AS "receiptEmail", p.failure_code AS "failureCode", p.created_at AS "createdAt", (
        SELECT min(o.opened_at) FROM operations o WHERE o.payment_id = p.id AND o.closed_at IS NULL) AS "waitingSince",
      CASE WHEN p.card_brand IS NOT NULL THEN json_build_object('brand', p.card_brand, 'last4', p.card_last4,
        'expMonth', p.card_exp_month, 'expYear', p.card_exp_year) END AS card
    FROM payments p JOIN intents t ON t.id = p.intent_id
    WHERE p.merchant_id = ${room.caller.merchantId} ORDER BY p.id DESC`;
  return rows.map((row) => ({ ...row })) as unknown as PaymentRow[];
}

const raw = (sql: RawSql) =>
  sql`SELECT * FROM payment_rows ORDER BY id`.then((rows) => rows.map((row) => ({ ...row })));

/** What the list is searched and filtered by, beside its rows. */
const beside = async (sql: RawSql) => [
  ...(await sql`SELECT * FROM payment_texts ORDER BY merchant_id, payment_id`),
  ...(await sql`SELECT * FROM payment_ids ORDER BY merchant_id, backwards, payment_id`),
  ...(await sql`SELECT * FROM payment_facets ORDER BY merchant_id, currency, provider`),
];

test('once it has caught up, the model says of every payment what the payments themselves say', async () => {
  await lives();
  await caughtUp();
  const { rows } = await room.payments.list(room.caller, { limit: 100 });
  assert.equal(new Set(rows.map(({ state }) => state)).size, 6);
  assert.ok(rows.some(({ waitingSince }) => waitingSince !== null));
  assert.deepEqual(rows, await truth());
});

test('a payment is found by a part of its reference or address, and by the end of any of its ids', async () => {
  const find = async (search: string) => {
    const { rows } = await room.payments.list(room.caller, { filter: { search }, limit: 100 });
    return rows.map(({ id }) => id);
  };
  const [whole] = await find('hol');
  assert.ok(whole);
  const [payment] = await room.sql<{ intent_id: string; ref: string }[]>`
    SELECT o.payment_id, p.intent_id, o.provider_ref AS ref FROM operations o JOIN payments p ON p.id = o.payment_id
    WHERE p.id = ${whole} AND o.kind = 'capture'`;
  assert.ok(payment);
  for (const part of ['HOLE@exam', payment.ref, showId('intent', payment.intent_id).slice(-8), payment.ref.slice(-6)]) {
    assert.deepEqual(await find(part), [whole], part);
  }
});

test('events that are seen again change nothing', async () => {
  const was = [await raw(room.owner), await beside(room.owner)];
  await room.owner`UPDATE event_cursors SET tx = '0', epoch = 0 WHERE consumer = ${paymentRows.name}`;
  await caughtUp();
  assert.deepEqual([await raw(room.owner), await beside(room.owner)], was);
});

test('made again from the log, the model has the same rows, whatever had become of the old ones', async () => {
  await caughtUp();
  const was = await raw(room.owner);
  const { owner: sql, clock } = room;
  const wasBeside = await beside(sql);
  assert.ok(wasBeside.length > was.length);
  await sql`DELETE FROM payment_texts WHERE text LIKE '%whole%'`;
  await sql`UPDATE payment_texts SET text = 'nothing' WHERE text LIKE '%part%'`;
  await sql`DELETE FROM payment_facets`;
  await sql`DELETE FROM payment_rows WHERE state = 'refunded'`;
  await sql`UPDATE payment_rows SET captured = 7, version = version + 100 WHERE state = 'captured'`;
  const indexes = () =>
    sql`SELECT indexname, indexdef FROM pg_indexes WHERE tablename IN ${sql(paymentRows.tables)} ORDER BY 1`;
  const indexed = await indexes();
  await settled(sql);
  const [log] = await sql<{ n: number }[]>`SELECT count(*)::int AS n FROM events`;
  assert.equal(await rebuild({ sql, transact: makeTransact(sql), clock }, paymentRows), log?.n);
  assert.deepEqual(await raw(sql), was);
  assert.deepEqual(await beside(sql), wasBeside);
  assert.deepEqual(await indexes(), indexed);
  // Its consumer goes on from there, with the rights that it had.
  await room.paid('automatic');
  await caughtUp();
  assert.equal((await raw(sql)).length, was.length + 1);
  assert.deepEqual((await room.payments.list(room.caller, { limit: 100 })).rows, await truth());
});

test('while it is made again the old one is read and kept, and a rebuild that dies leaves it as it was', async () => {
  const { owner: sql, clock } = room;
  await caughtUp();
  const was = (await raw(sql)).length;
  let kept = 0;
  const failpoint: Failpoint = async (place) => {
    if (place === 'events.consume:after' && kept === 0) {
      await room.paid('manual');
      await caughtUp();
      kept = (await raw(worker)).length;
    }
    if (place === 'events.rebuild-done:before') throw new Error('the machine stops here');
  };
  const dying = makeTransact(sql, { failpoint });
  await assert.rejects(rebuild({ sql, transact: dying, clock }, paymentRows), /the machine stops here/);
  assert.equal(kept, was + 1);
  assert.equal((await raw(worker)).length, was + 1);
  // What it has left is cleared away by the next.
  await rebuild({ sql, transact: makeTransact(sql), clock }, paymentRows);
  assert.equal((await raw(worker)).length, was + 1);
});

for (const busy of paymentRows.tables) {
  test(`while ${busy} is in use, searches and tables that are put in place wait, and not for each other`, async () => {
    const opened = (role: 'web' | 'owner', application: string) => openSql(room.url(role), { application, max: 3 });
    const [reader, searcher, maker] = [opened('web', 'reader'), opened('web', 'searcher'), opened('owner', 'maker')];
    const waiting = async (application: string) => {
      const rows = await room.owner`SELECT FROM pg_stat_activity
        WHERE wait_event_type = 'Lock' AND datname = current_database() AND application_name = ${application}`;
      return rows.length;
    };
    const filter = { states: ['captured' as const] };
    const look = { ...stretchOf(room.caller.merchantId, {}), filter, wanted: 10, depths: usual };
    try {
      const ends = await reader.begin(async (tx) => {
        await tx`LOCK TABLE ${tx(busy)} IN ACCESS SHARE MODE`;
        const made = rebuild({ sql: maker, transact: makeTransact(maker), clock: room.clock }, paymentRows);
        while ((await waiting('maker')) === 0) await setTimeout(5);
        let done = 0;
        const looks = [
          byFragment(searcher, 'example', look),
          byEnd(searcher, 'nobody', look),
          byFacets(searcher, look),
        ];
        const seen = looks.map((one) => one.finally(() => (done += 1)));
        const all = Promise.allSettled([made, ...seen]);
        while (done + (await waiting('searcher')) < looks.length) await setTimeout(5);
        return { all };
      });
      const failed = (await ends.all).filter(({ status }) => status === 'rejected');
      assert.deepEqual(failed, []);
    } finally {
      await Promise.all([reader, searcher, maker].map((sql) => sql.end()));
    }
  });
}
