import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { openSql } from '#db/client.ts';
import type { LoggedEvent } from '#server/events/consumer.ts';
import { showId } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { decline, openSession, press, silence } from './testing/given.ts';
import { type Saga, sagaOnDatabase } from './testing/saga.ts';

let saga: Saga;
before(async () => {
  saga = await sagaOnDatabase();
});
beforeEach(() => saga.warehouse.sellOut(undefined));
after(() => saga[Symbol.asyncDispose]());

type Bought = Awaited<ReturnType<Saga['bought']>>;
const log = async ({ order }: Bought) => (await order()).entries.map(({ trigger }) => trigger);
const state = async ({ order }: Bought) => (await order()).state;
const sent = ({ orderId }: Bought) =>
  [...saga.warehouse.shipments.values()].filter(({ consignment }) => consignment.order === showId('order', orderId));
const refundsOf = (paymentId: string) =>
  saga.provider.asked.filter(({ kind, payment }) => kind === 'refund' && payment === paymentId);
const code = (expected: string) => (error: unknown) => error instanceof Refusal && error.code === expected;

test('what is paid is sent once, and its session is complete though nobody looks', async () => {
  const bought = await saga.bought();
  await saga.settle(2);
  assert.deepEqual(await log(bought), ['create', 'pay', 'begin_fulfilment', 'warehouse_asked', 'ship']);
  assert.equal(await state(bought), 'fulfilled');
  const [row] = await saga.sql`SELECT status FROM checkout_sessions WHERE id = ${bought.session.id}`;
  assert.equal(row?.status, 'complete');
  assert.deepEqual(
    sent(bought).map(({ consignment: { reference, lines, amount } }) => ({ reference, lines, amount })),
    [{ reference: 'HG-1', lines: [{ name: 'Enamel mug', quantity: 1 }], amount: 1250 }],
  );
});

test('what the warehouse refuses is refunded to the cent, once, and the order is compensated', async () => {
  saga.warehouse.sellOut('sold out');
  const bought = await saga.bought();
  await saga.settle(3);
  assert.deepEqual(await log(bought), [
    'create',
    'pay',
    'begin_fulfilment',
    'warehouse_asked',
    'refuse',
    'refund_asked',
    'compensate',
  ]);
  const { compensation, entries } = await bought.order();
  assert.equal(entries.find(({ trigger }) => trigger === 'refuse')?.data.reason, 'sold out');
  const payment = await bought.payment();
  assert.deepEqual([payment.state, payment.captured, payment.refunded], ['refunded', 1250n, 1250n]);
  assert.deepEqual(
    refundsOf(payment.id).map(({ amount }) => amount),
    [1250n],
  );
  assert.equal(compensation?.refundId, refundsOf(payment.id)[0]?.operation);
});

test('a manual capture is sent once it is captured, and its session is complete once it is authorized', async () => {
  const bought = await saga.bought({ captureMethod: 'manual' });
  await saga.settle(2);
  assert.deepEqual([await state(bought), sent(bought).length], ['open', 0]);
  const [row] = await saga.sql`SELECT status FROM checkout_sessions WHERE id = ${bought.session.id}`;
  assert.equal(row?.status, 'complete');
  await saga.payments.capture(bought.caller, { paymentId: (await bought.payment()).id });
  await saga.settle(2);
  assert.deepEqual([await state(bought), sent(bought).length], ['fulfilled', 1]);
});

test('an order whose authorisation is let go, or whose session ends unpaid, ends without being sent', async () => {
  const held = await saga.bought({ captureMethod: 'manual' });
  await saga.settle(1);
  await saga.payments.cancel(held.caller, { intentId: (await held.payment()).intentId });
  await saga.settle(1);
  assert.deepEqual([await state(held), sent(held).length], ['canceled', 0]);

  const { caller, session } = await openSession(saga);
  await saga.checkout.expire(caller, session.id);
  const { rows } = await saga.orders.list(caller, { limit: 10 });
  assert.deepEqual(
    rows.map((row) => row.state),
    ['expired'],
  );
});

test('a merchant without a warehouse sends by itself: its orders are paid, and that is all that is known', async () => {
  const { caller, shopper } = await openSession(saga);
  await saga.checkout.confirm(shopper, press());
  await saga.settle(2);
  const { rows } = await saga.orders.list(caller, { limit: 10 });
  assert.deepEqual(
    rows.map((row) => row.state),
    ['paid'],
  );
});

for (const mishap of ['lose_before', 'lose_after', 'error', 'nonsense'] as const) {
  test(`an answer of the warehouse that is lost (${mishap}) is asked after by its key, and it is sent once`, async () => {
    const bought = await saga.bought();
    saga.warehouse.mishap(mishap, mishap);
    await saga.settle(4);
    assert.deepEqual((await log(bought)).slice(3), ['warehouse_asked', 'warehouse_silent', 'warehouse_silent', 'ship']);
    assert.equal(sent(bought).length, 1);
  });
}

test('a warehouse that stays silent is a matter for a person, who is told, and whose word goes on', async () => {
  const bought = await saga.bought();
  saga.warehouse.mishap(...Array.from({ length: 12 }, () => 'lose_after' as const));
  await saga.settle(14);
  const { fulfilment, trouble, entries } = await bought.order();
  assert.deepEqual([await state(bought), fulfilment?.status, trouble], ['fulfilling', 'stuck', 'warehouse']);
  assert.equal(entries.at(-1)?.trigger, 'given_up');
  assert.match(saga.alerts.get(bought.orderId)?.title ?? '', /does not say whether order HG-1 was sent/);
  const calls = saga.warehouse.calls.length;
  await saga.settle(2);
  assert.equal(saga.warehouse.calls.length, calls, 'nobody guesses on');

  const staff = {
    kind: 'staff',
    merchantId: bought.caller.merchantId,
    staffId: saga.seams.ids(),
    name: 'Ada',
  } as const;
  await assert.rejects(saga.orders.retry({ ...staff, role: 'support' }, bought), code('forbidden'));
  await saga.orders.retry({ ...staff, role: 'owner' }, bought);
  await assert.rejects(saga.orders.retry({ ...staff, role: 'owner' }, bought), code('illegal_move'));
  await saga.settle(1);
  assert.deepEqual([await state(bought), sent(bought).length], ['fulfilled', 1]);
  assert.equal(saga.alerts.has(bought.orderId), false);
});

test('a refund that the provider refuses leaves the order failed, and a person is told', async () => {
  saga.warehouse.sellOut('sold out');
  const bought = await saga.bought();
  saga.provider.next(decline('refund_not_possible'));
  await saga.settle(3);
  const { compensation, trouble } = await bought.order();
  assert.deepEqual([await state(bought), compensation?.status, trouble], ['failed', 'stuck', 'refund']);
  assert.match(saga.alerts.get(bought.orderId)?.title ?? '', /could not be given back/);
  await saga.orders.retry(bought.caller, bought);
  await saga.settle(2);
  const payment = await bought.payment();
  assert.deepEqual([await state(bought), payment.refunded, refundsOf(payment.id).length], ['compensated', 1250n, 2]);
  assert.equal(saga.alerts.has(bought.orderId), false);
});

test('a refund that has no answer is awaited, and never asked for twice', async () => {
  saga.warehouse.sellOut('sold out');
  const bought = await saga.bought();
  saga.provider.next(silence);
  await saga.settle(5);
  const payment = await bought.payment();
  assert.deepEqual([await state(bought), refundsOf(payment.id).length], ['failed', 1]);
  assert.equal((await bought.order()).compensation?.status, 'due');
});

test('a refund by hand before it was sent calls the order off; part of it refunded, the rest is given back', async () => {
  const whole = await saga.bought();
  await saga.payments.refund(whole.caller, { paymentId: (await whole.payment()).id });
  await saga.settle(2);
  assert.deepEqual((await log(whole)).slice(2), ['begin_fulfilment', 'call_off', 'compensate']);
  assert.equal(sent(whole).length, 0);

  saga.warehouse.sellOut('sold out');
  const part = await saga.bought();
  await saga.payments.refund(part.caller, { paymentId: (await part.payment()).id, amount: 501n });
  await saga.settle(3);
  const payment = await part.payment();
  assert.deepEqual([await state(part), payment.refunded], ['compensated', 1250n]);
  assert.deepEqual(
    refundsOf(payment.id).map(({ amount }) => amount),
    [501n, 749n],
  );
});

test('a refund by hand while the warehouse was refusing compensates the order without another', async () => {
  saga.warehouse.sellOut('sold out');
  const bought = await saga.bought();
  saga.warehouse.mishap('lose_after');
  await saga.round();
  await saga.payments.refund(bought.caller, { paymentId: (await bought.payment()).id });
  await saga.settle(3);
  const payment = await bought.payment();
  assert.deepEqual([await state(bought), refundsOf(payment.id).length], ['compensated', 1]);
  assert.equal((await bought.order()).compensation?.status, 'done');
});

/** What the log would say of an order's payment, handed to the consumer by hand. */
async function say(bought: Bought, trigger: string): Promise<void> {
  const { id: paymentId, merchantId } = await bought.payment();
  const event = { id: saga.seams.ids(), paymentId, merchantId, trigger, seq: 99, at: saga.clock.now() } as LoggedEvent;
  await saga.sql.begin((tx) => saga.orders.consumer.effect(tx as never, [event]));
}

test('a refund that the provider takes back makes the order failed again, and a matter for a person', async () => {
  saga.warehouse.sellOut('sold out');
  const bought = await saga.bought();
  await saga.settle(3);
  assert.equal(await state(bought), 'compensated');
  await say(bought, 'undo_refund');
  await saga.settle(1);
  const { compensation, trouble } = await bought.order();
  assert.deepEqual([await state(bought), compensation?.status, trouble], ['failed', 'stuck', 'refund']);
  assert.match(saga.alerts.get(bought.orderId)?.detail.why ?? '', /took the refund back/);
});

test('money for an order that had ended unpaid is nothing to pass over: the event is put aside for people', async () => {
  const bought = await saga.bought();
  const owner = openSql(saga.database.url('owner'), { application: 'test', max: 1 });
  await owner.begin(async (tx) => {
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`UPDATE orders SET state = 'expired' WHERE id = ${bought.orderId}`;
  });
  await owner.end();
  await assert.rejects(say(bought, 'capture'), /an order that has ended takes no money/);
  await saga.settle(1);
  assert.deepEqual([await state(bought), sent(bought).length], ['expired', 0]);
  const parked = await saga.sql`SELECT 1 FROM parked_events WHERE payment_id = ${(await bought.payment()).id}`;
  assert.equal(parked.length > 0, true);
});

test('events that are seen twice send once and refund once', async () => {
  saga.warehouse.sellOut('sold out');
  const bought = await saga.bought();
  await saga.settle(3);
  const before = await log(bought);
  const events = await saga.sql<LoggedEvent[]>`
    SELECT id, payment_id AS "paymentId", seq, merchant_id AS "merchantId", from_state AS "from", trigger, at
    FROM events WHERE payment_id = ${(await bought.payment()).id} ORDER BY seq`;
  await saga.sql.begin((tx) => saga.orders.consumer.effect(tx as never, events));
  await saga.settle(3);
  assert.deepEqual(await log(bought), before);
});

test('two workers at once send once and refund once', async () => {
  const other = saga.worker();
  const shipped = await Promise.all(Array.from({ length: 6 }, () => saga.bought()));
  await Promise.all([saga.round(), other.round()]);
  saga.warehouse.sellOut('sold out');
  const refused = await Promise.all(Array.from({ length: 6 }, () => saga.bought()));
  for (let round = 0; round < 3; round++) await Promise.all([saga.round(), other.round()]);
  for (const one of shipped) assert.deepEqual([await state(one), sent(one).length], ['fulfilled', 1]);
  for (const one of refused) {
    const payment = await one.payment();
    assert.deepEqual([await state(one), refundsOf(payment.id).length], ['compensated', 1]);
  }
});
