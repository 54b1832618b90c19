import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type FailpointName, places } from '#db/failpoints.ts';
import { type Saga, sagaOnDatabase } from './testing/saga.ts';

// A worker dies at a named place, once; another one goes on from what is in the database, and nothing is done twice.

let saga: Saga;
before(async () => {
  saga = await sagaOnDatabase();
});
after(() => saga[Symbol.asyncDispose]());

/** Between each pair of writes of the saga, and at each side of the calls that stand between them. */
const steps = [
  'events.consume',
  'checkout.fulfil-claim',
  'checkout.fulfil-answer',
  'checkout.compensate-claim',
  'checkout.compensate-answer',
] as const;
const stops = steps.flatMap((label) => places.map((place): FailpointName => `${label}:${place}`));

class Dead extends Error {}

/** Dies at the place, and does nothing from then on. */
function mortal(place: FailpointName) {
  let dead = false;
  const failpoint = (name: FailpointName) => {
    if (name === place) dead = true;
    if (dead) throw new Dead(name);
  };
  return { failpoint, died: () => dead };
}

async function outcomeOf(bought: Awaited<ReturnType<Saga['bought']>>) {
  const { state, fulfilment, entries } = await bought.order();
  const payment = await bought.payment();
  const refunds = saga.provider.asked.filter(({ kind, payment: id }) => kind === 'refund' && id === payment.id);
  const moves = entries.filter(({ from, to }) => from !== to).map(({ to }) => to);
  return { state, sending: fulfilment?.status, refunded: payment.refunded, refunds: refunds.length, moves };
}

for (const place of stops) {
  test(`a worker that dies at ${place} is gone on from`, async () => {
    for (const reason of [undefined, 'sold out']) {
      saga.warehouse.sellOut(reason);
      const bought = await saga.bought();
      const { failpoint, died } = mortal(place);
      const victim = saga.worker({ failpoint });
      for (let round = 0; round < 3; round++) await victim.round().catch(() => undefined);
      assert.equal(died() || (!reason && place.startsWith('checkout.compensate')), true, 'it came by');
      saga.pass(121_000);
      await saga.settle(3);
      assert.deepEqual(
        await outcomeOf(bought),
        reason
          ? {
              state: 'compensated',
              sending: 'refused',
              refunded: 1250n,
              refunds: 1,
              moves: ['open', 'paid', 'fulfilling', 'failed', 'compensated'],
            }
          : {
              state: 'fulfilled',
              sending: 'shipped',
              refunded: 0n,
              refunds: 0,
              moves: ['open', 'paid', 'fulfilling', 'fulfilled'],
            },
      );
    }
  });
}

test('a worker that dies once the refund is on record, before the provider has heard of it, leaves no second refund', async () => {
  saga.warehouse.sellOut('sold out');
  const bought = await saga.bought();
  const { failpoint, died } = mortal('payments.commit:after');
  const victim = saga.worker({ payments: saga.paymentsOf(failpoint) });
  for (let round = 0; round < 3; round++) await victim.round().catch(() => undefined);
  assert.equal(died(), true);
  saga.pass(121_000);
  await saga.settle(3);
  const { operations } = await bought.payment();
  const [refund, ...more] = operations.filter(({ kind }) => kind === 'refund');
  const { state, compensation } = await bought.order();
  assert.deepEqual([state, compensation?.status, compensation?.refundId, more], ['failed', 'due', refund?.id, []]);
});
