import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { makeLoad } from './load.ts';
import { given, ids, type Mover, moverOnDatabase } from './testing/given.ts';

let mover: Mover;
before(async () => {
  mover = await moverOnDatabase();
});
after(() => mover[Symbol.asyncDispose]());

/** How many statements a load asks. */
function counted() {
  let asked = 0;
  const sql = new Proxy(mover.sql, {
    apply(target, self, given: unknown[]) {
      asked += 1;
      return Reflect.apply(target, self, given);
    },
  });
  return { load: makeLoad({ sql, clock: systemClock }), asked: () => asked };
}

test('those who ask at once share a statement, and each reads its own payment, by payment or by intent', async () => {
  const payments = [
    await given(mover.commit, 'initiated'),
    await given(mover.commit, 'captured'),
    await given(mover.commit, 'authorized'),
  ];
  const { load, asked } = counted();
  const read = await Promise.all([
    ...payments.map(({ merchantId, id }) => load.payment(merchantId, id)),
    ...payments.map(({ merchantId, intentId }) => load.intent(merchantId, intentId)),
  ]);
  assert.equal(asked(), 1);
  assert.deepEqual(
    read.map(({ payment }) => payment),
    [...payments, ...payments],
  );
  assert.ok(read.every(({ intent, payment }) => intent.id === payment?.intentId));
});

test('what is not there, or is another merchant’s, is not found, whoever else asks at once', async () => {
  const payment = await given(mover.commit, 'authorized');
  const heard = await Promise.allSettled([
    mover.load.payment(payment.merchantId, payment.id),
    mover.load.payment(ids(), payment.id),
    mover.load.intent(ids(), payment.intentId),
    mover.load.payment(payment.merchantId, ids()),
    mover.load.intent(payment.merchantId, ids()),
    mover.load.payment(payment.merchantId, payment.intentId),
  ]);
  assert.deepEqual(
    heard.map((one) => (one.status === 'fulfilled' ? 'found' : one.reason.code)),
    ['found', ...Array.from({ length: 5 }, () => 'not_found')],
  );
});

test('a question that PostgreSQL cannot read fails alone', async () => {
  const payment = await given(mover.commit, 'authorized');
  const heard = await Promise.allSettled([
    mover.load.payment(payment.merchantId, payment.id),
    mover.load.payment(payment.merchantId, 'no id'),
    mover.load.intent(payment.merchantId, payment.intentId),
  ]);
  assert.deepEqual(
    heard.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
});
