import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Failpoint } from '#db/failpoints.ts';
import { showId } from '#server/kernel/id.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { Outcome } from '#server/providers/outcome.ts';
import { decline, silence } from './testing/given.ts';
import { type Saga, sagaOnDatabase } from './testing/saga.ts';

// Refunds by hand beside the saga: nothing is sent that was given back, and nothing is kept that was not sent.

let saga: Saga;
before(async () => {
  saga = await sagaOnDatabase();
});
beforeEach(() => saga.warehouse.sellOut(undefined));
after(() => saga[Symbol.asyncDispose]());

type Bought = Awaited<ReturnType<Saga['bought']>>;
const log = async ({ order }: Bought) => (await order()).entries.map(({ trigger }) => trigger);
const asked = ({ orderId }: Bought) =>
  [...saga.warehouse.shipments.values()].filter(({ consignment }) => consignment.order === showId('order', orderId));

async function refundsOf(bought: Bought): Promise<bigint[]> {
  const { id } = await bought.payment();
  const refunds = saga.provider.asked.filter(({ kind, payment }) => kind === 'refund' && payment === id);
  return refunds.map(({ amount }) => amount);
}

async function refund(bought: Bought, amount?: bigint) {
  const { id: paymentId } = await bought.payment();
  return saga.payments.refund(bought.caller, { paymentId, ...(amount && { amount }) });
}

/** The provider's word on a refund that it had been silent about. */
async function hear(bought: Bought, refundId: string, outcome: Outcome) {
  const { provider } = await bought.payment();
  const say = { about: 'operation', key: `${refundId}-1`, kind: 'refund', outcome } as const;
  const { kind } = await saga.payments.hear({ provider: provider ?? '', cause: 'webhook', say });
  assert.equal(kind, 'recorded');
}

const accepted = (amount: bigint): Outcome => {
  const exchange = { status: 200, milliseconds: 1 };
  return { kind: 'accepted', providerRef: `ref_${saga.seams.ids()}`, amount, currency: 'EUR', exchange };
};

/** The order's command to be sent is there, and nobody has taken it up. */
async function beforeTheWarehouse(bought: Bought): Promise<void> {
  const failpoint: Failpoint = (name) => {
    if (name === 'checkout.fulfil-claim:begin') throw new Error('dead');
  };
  await assert.rejects(saga.worker({ failpoint }).round(), /dead/);
  assert.equal((await bought.order()).fulfilment?.status, 'due');
}

test('an order that is refunded in full after its call to the warehouse was lost is not sent, and compensated', async () => {
  const bought = await saga.bought();
  saga.warehouse.mishap('lose_before');
  await saga.round();
  await refund(bought);
  await saga.settle(3);
  const { state, fulfilment, compensation } = await bought.order();
  assert.deepEqual([state, fulfilment?.status, compensation], ['compensated', 'called_off', null]);
  assert.deepEqual((await log(bought)).slice(3), ['warehouse_asked', 'warehouse_silent', 'call_off', 'compensate']);
  assert.deepEqual([asked(bought).length, await refundsOf(bought)], [0, [1250n]]);
});

test('a refund in full that the log has not told of yet is enough: the warehouse is not asked even once', async () => {
  const bought = await saga.bought();
  await beforeTheWarehouse(bought);
  await refund(bought);
  const calls = saga.warehouse.calls.length;
  await saga.orders.fulfil(20);
  assert.equal(saga.warehouse.calls.length, calls);
  await saga.settle(2);
  const { state, fulfilment } = await bought.order();
  assert.deepEqual([state, fulfilment?.status, asked(bought).length], ['compensated', 'called_off', 0]);
});

test('a refund in full that is under way holds the goods back: refused, they are sent; accepted, called off', async () => {
  for (const [outcome, ends] of [
    [decline('refund_not_possible')(), 'fulfilled'],
    [accepted(1250n), 'compensated'],
  ] as const) {
    const bought = await saga.bought();
    await beforeTheWarehouse(bought);
    saga.provider.next(silence);
    const { id } = await refund(bought);
    await saga.settle(14);
    const { state, trouble } = await bought.order();
    assert.deepEqual([state, trouble, asked(bought).length], ['fulfilling', null, 0]);
    await hear(bought, id, outcome);
    await saga.settle(2);
    assert.equal((await bought.order()).state, ends);
    assert.equal(asked(bought).length, ends === 'fulfilled' ? 1 : 0);
  }
});

test('a refund that was taken back since it was read of is owed again, and given', async () => {
  const bought = await saga.bought();
  const stale: Payments = {
    ...saga.payments,
    payment: async (...args) => ({ ...(await saga.payments.payment(...args)), state: 'refunded' }),
  };
  await saga.worker({ payments: stale }).round();
  const { state, fulfilment, compensation } = await bought.order();
  assert.deepEqual([state, fulfilment?.status, compensation?.status], ['failed', 'called_off', 'due']);
  await saga.settle(2);
  assert.deepEqual([(await bought.order()).state, await refundsOf(bought)], ['compensated', [1250n]]);
});

/** Not to be sent, all but 501 given back by the saga; and no word on those 501, which somebody gave back by hand. */
async function givenBackInPart() {
  saga.warehouse.sellOut('sold out');
  const bought = await saga.bought();
  saga.provider.next(silence);
  const part = await refund(bought, 501n);
  await saga.settle(14);
  const { state, compensation, trouble } = await bought.order();
  assert.deepEqual([state, compensation?.status, trouble], ['failed', 'due', null]);
  assert.deepEqual(await refundsOf(bought), [501n, 749n]);
  return { bought, part };
}

test('a part that was being given back and is refused is asked for anew: an order is compensated whole', async () => {
  const { bought, part } = await givenBackInPart();
  await hear(bought, part.id, decline('refund_not_possible')());
  await saga.settle(4);
  const [{ state, compensation }, payment] = [await bought.order(), await bought.payment()];
  assert.deepEqual([state, compensation?.status, payment.refunded], ['compensated', 'done', 1250n]);
  assert.deepEqual(await refundsOf(bought), [501n, 749n, 501n]);
});

test('a part that was being given back and is accepted compensates the order without another refund', async () => {
  const { bought, part } = await givenBackInPart();
  await hear(bought, part.id, accepted(501n));
  await saga.settle(4);
  const { state, compensation } = await bought.order();
  assert.deepEqual([state, compensation?.status, await refundsOf(bought)], ['compensated', 'done', [501n, 749n]]);
});

test('refunds that never make it whole are a matter for a person after twelve tries', async () => {
  saga.warehouse.sellOut('sold out');
  const bought = await saga.bought();
  const miserly: Payments = {
    ...saga.payments,
    refund: (caller, input) => saga.payments.refund(caller, { ...input, amount: 1n }),
  };
  const worker = saga.worker({ payments: miserly });
  for (let round = 0; round < 16; round++) {
    await worker.round();
    saga.pass(121_000);
  }
  const { state, compensation, trouble } = await bought.order();
  assert.deepEqual([state, compensation?.status, trouble], ['failed', 'stuck', 'refund']);
  assert.equal((await refundsOf(bought)).length, 12);
  assert.match(saga.alerts.get(bought.orderId)?.detail.why ?? '', /not all that was paid/);
  await saga.orders.retry(bought.caller, bought);
  await saga.settle(2);
  assert.deepEqual([(await bought.order()).state, (await bought.payment()).refunded], ['compensated', 1250n]);
  assert.equal(saga.alerts.has(bought.orderId), false);
});
