import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from '#db/client.ts';
import { makeTransact } from '#db/transaction.ts';
import { makeBus } from '#server/events/bus.ts';
import type { Bus } from '#server/events/consumer.ts';
import { catchUp } from '#server/events/testing/catch-up.ts';
import { paymentsOnDatabase, refused } from '#server/payments/testing/room.ts';
import { publicName } from './public-events.ts';
import { queueDeliveries } from './queue-deliveries.ts';

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

async function endpoint(
  events: string[],
  { enabled = true, merchantId = room.caller.merchantId } = {},
): Promise<string> {
  const id = room.ids();
  await room.owner`
    INSERT INTO webhook_endpoints (id, merchant_id, url, enabled, events, created_at)
    VALUES (${id}, ${merchantId}, 'https://shop.test/hooks', ${enabled}, ${events}, ${room.clock.now()})`;
  return id;
}

const caughtUp = () => catchUp(bus, queueDeliveries, 5);

const told = async (endpointId: string) => {
  const rows = await room.owner<{ type: string }[]>`
    SELECT type FROM deliveries WHERE endpoint_id = ${endpointId} ORDER BY payment_id, seq`;
  return rows.map(({ type }) => type);
};

test('each endpoint gets the events that it wants of its own merchant, once, and no other', async () => {
  const all = await endpoint(['*']);
  const refunds = await endpoint(['charge.refunded', 'charge.dispute.created']);
  const off = await endpoint(['*'], { enabled: false });
  const foreign = await endpoint(['*'], { merchantId: room.ids() });
  const { id: paymentId } = await room.paid('automatic');
  await room.payments.refund(room.caller, { paymentId });
  await caughtUp();
  assert.deepEqual(await told(all), [
    'payment_intent.created',
    'charge.succeeded',
    'payment_intent.succeeded',
    'charge.refunded',
  ]);
  assert.deepEqual(await told(refunds), ['charge.refunded']);
  assert.deepEqual([await told(off), await told(foreign)], [[], []]);
  await room.owner`UPDATE event_cursors SET tx = '0', epoch = 0 WHERE consumer = ${queueDeliveries.name}`;
  await caughtUp();
  assert.equal((await told(all)).length, 4);
});

test('an endpoint is not told what happened before it was made', async () => {
  room.script.send = () => refused;
  await room.paid('automatic');
  room.wellAgain();
  room.clock.forward(1);
  const late = await endpoint(['*']);
  await caughtUp();
  assert.deepEqual(await told(late), []);
});

test('a void says what it means for the intent: its end, or a payment that failed', () => {
  assert.equal(publicName({ trigger: 'void', from: 'authorized' }), 'payment_intent.canceled');
  assert.equal(publicName({ trigger: 'void', from: 'capture_pending' }), 'payment_intent.payment_failed');
  assert.equal(publicName({ trigger: 'operation_unanswered', from: 'captured' }), undefined);
});
