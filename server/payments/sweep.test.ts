import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Order } from '#server/providers/contract.ts';
import { absent, accepted, notTaken, paymentsOnDatabase, refused, silence, sure } from './testing/room.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase();
});
after(() => room[Symbol.asyncDispose]());
beforeEach(() => room.wellAgain());

/** Only this kind goes unanswered. */
const silentFor = (kind: Order['kind']) => (order: Order) => (order.kind === kind ? silence : accepted(order));
test('silence keeps the money reserved until the provider says what became of it', async () => {
  room.script.send = silentFor('capture');
  const { id } = await room.paid('automatic');
  assert.equal((await room.payments.payment(room.caller, id)).state, 'capture_pending');
  assert.equal(await room.payments.sweep(10), 0, 'not yet silent for long');
  room.clock.forward(5_001);
  assert.equal(await room.payments.sweep(10), 1);
  assert.equal((await room.payments.payment(room.caller, id)).state, 'captured');
});

test('"not found" closes nothing while a request of ours may still be under way, whenever the answer comes', async () => {
  room.script.send = silentFor('capture');
  const { id } = await room.paid('automatic');
  room.script.inquire = () => {
    // The answer takes its time: it must be weighed by when we asked.
    room.clock.forward(10_000);
    return absent;
  };
  room.clock.forward(sure - 1_000);
  await room.payments.sweep(10);
  const { operations } = await room.payments.payment(room.caller, id);
  assert.deepEqual(
    operations.map(({ kind, status }) => `${kind} ${status}`),
    ['authorize accepted', 'capture open'],
  );
});

test('once "not found" is final, a capture is asked for anew, as it was asked for', async () => {
  const payment = await room.paid('manual');
  room.script.send = silentFor('capture');
  await room.payments.capture(room.caller, { paymentId: payment.id, amount: 700n, reason: 'part shipped' });
  Object.assign(room.script, { send: accepted, inquire: () => absent });
  room.clock.forward(sure + 1);
  await room.payments.sweep(10);
  const after = await room.payments.payment(room.caller, payment.id);
  assert.deepEqual([after.state, after.captured], ['captured', 700n]);
  assert.deepEqual(
    after.operations.slice(1).map(({ status, amount, reason }) => `${status} ${amount} ${reason}`),
    ['absent 700 part shipped', 'accepted 700 part shipped'],
  );
});

test('a void that was never heard of is asked for anew and still ends the intent for the reason that was given', async () => {
  const payment = await room.paid('manual');
  room.script.send = silentFor('void');
  await room.payments.cancel(room.caller, { intentId: payment.intentId, reason: 'fraudulent' });
  Object.assign(room.script, { send: accepted, inquire: () => absent });
  room.clock.forward(sure + 1);
  await room.payments.sweep(10);
  const intent = await room.payments.intent(room.caller, payment.intentId);
  assert.deepEqual([intent.payment?.state, intent.cancellationReason], ['voided', 'fraudulent']);
});

test('an authorisation that was never heard of ends the payment, and its intent can be paid again', async () => {
  room.script.send = silentFor('authorize');
  const { id, intentId } = await room.paid('automatic');
  Object.assign(room.script, { send: accepted, inquire: () => absent });
  room.clock.forward(sure + 1);
  await room.payments.sweep(10);
  assert.equal((await room.payments.payment(room.caller, id)).state, 'failed');
  assert.equal((await room.payments.confirm(room.caller, { intentId, token: 'pm_2' })).payment?.state, 'captured');
});

test('a refund that was never heard of gives its reserve back', async () => {
  const { id } = await room.paid('automatic');
  room.script.send = silentFor('refund');
  const refund = await room.payments.refund(room.caller, { paymentId: id, amount: 6_000n });
  await assert.rejects(room.payments.refund(room.caller, { paymentId: id, amount: 6_000n }), {
    code: 'amount_too_large',
  });
  room.script.inquire = () => absent;
  room.clock.forward(sure + 1);
  await room.payments.sweep(10);
  assert.equal((await room.payments.refundById(room.caller, refund.id)).status, 'absent');
  assert.equal((await room.payments.payment(room.caller, id)).refundable, 10_000n);
});

test('a capture that nobody took is neither lost nor compensated: it is asked for until somebody does', async () => {
  room.script.send = (order) => (order.kind === 'capture' ? notTaken : accepted(order));
  const { id } = await room.paid('automatic');
  assert.equal((await room.payments.payment(room.caller, id)).state, 'capture_pending');
  Object.assign(room.script, { send: accepted, inquire: () => absent });
  room.clock.forward(sure + 1);
  await room.payments.sweep(10);
  assert.equal((await room.payments.payment(room.caller, id)).state, 'captured');
});

test('a refund that nobody took is a plain no', async () => {
  const { id } = await room.paid('automatic');
  room.script.send = () => notTaken;
  assert.equal((await room.payments.refund(room.caller, { paymentId: id, amount: 1n })).status, 'refused');
});

test('a refused capture lets the card go, and where that is refused too a person can void it', async () => {
  room.script.send = (order) => (order.kind === 'authorize' ? accepted(order) : refused);
  const { id, intentId } = await room.paid('automatic');
  const stuck = await room.payments.payment(room.caller, id);
  assert.deepEqual([stuck.state, stuck.possible.void, stuck.possible.capture], ['capture_pending', true, false]);
  room.script.send = accepted;
  await room.payments.cancel(room.caller, { intentId });
  assert.equal((await room.payments.payment(room.caller, id)).state, 'voided');
});

test('after a refused capture another card may pay the intent', async () => {
  room.script.send = (order) => (order.kind === 'capture' ? refused : accepted(order));
  const { state, intentId, failureCode } = await room.paid('automatic');
  assert.deepEqual([state, failureCode], ['voided', 'insufficient_funds']);
  room.script.send = accepted;
  assert.equal((await room.payments.confirm(room.caller, { intentId, token: 'pm_2' })).payment?.state, 'captured');
});

test('the clock may end an unpaid intent and never a held authorisation', async () => {
  const { intentId } = await room.paid('manual');
  const clock = { intentId, reason: 'expired', onlyUnpaid: true };
  await assert.rejects(room.payments.cancel(room.caller, clock), { code: 'illegal_move' });
  const { id: unpaid } = await room.payments.create(room.caller, { amount: 1n, currency: 'EUR' });
  assert.ok((await room.payments.cancel(room.caller, { ...clock, intentId: unpaid })).canceledAt);
});

test('the end of an intent whose payment had failed stands in the log', async () => {
  room.script.send = () => refused;
  const { id, intentId } = await room.paid('automatic');
  await room.payments.cancel(room.caller, { intentId, reason: 'abandoned' });
  assert.equal((await room.payments.timeline(room.caller, id)).at(-1)?.trigger, 'intent_canceled');
  await assert.rejects(room.payments.confirm(room.caller, { intentId, token: 'pm_2' }), { code: 'intent_canceled' });
});

test('forty refunds at once on one payment are all made, and none is told anything untrue', async () => {
  const { id } = await room.paid('automatic');
  const refunds = await Promise.all(
    Array.from({ length: 40 }, () => room.payments.refund(room.caller, { paymentId: id, amount: 100n })),
  );
  assert.ok(refunds.every(({ status }) => status === 'accepted'));
  assert.equal((await room.payments.payment(room.caller, id)).refunded, 4_000n);
});

test('that the first send was not taken closes nothing once it was sent again', async () => {
  const { id } = await room.paid('automatic');
  const first = Promise.withResolvers<void>();
  let made = 0;
  room.script.send = async (_order, { send }) => {
    if (send > 1) {
      made++;
      return silence;
    }
    await first.promise;
    return notTaken;
  };
  const refunding = room.payments.refund(room.caller, { paymentId: id });
  room.script.inquire = () => absent;
  const refunds = async () =>
    (await room.payments.payment(room.caller, id)).operations.filter((o) => o.kind === 'refund');
  while ((await refunds()).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  room.clock.forward(12_001);
  await room.payments.sweep(10);
  first.resolve();
  assert.equal((await refunding).status, 'open');
  assert.equal(made, 1);
  await assert.rejects(room.payments.refund(room.caller, { paymentId: id, amount: 1n }), { code: 'amount_too_large' });
});
