import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { addRule } from '#server/risk/rules.ts';
import { accepted, paymentsOnDatabase, refused } from './testing/room.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase();
  const rule = { kind: 'amount' as const, limits: { EUR: 50_000n }, weight: 80 };
  await addRule(room.owner, { clock: room.clock, ids: room.ids }, { merchantId: room.caller.merchantId, rule });
});
after(() => room[Symbol.asyncDispose]());
beforeEach(() => room.wellAgain());

const read = (id: string) => room.payments.payment(room.caller, id);

test('what risk wants looked at is authorized and held, and captured by nobody', async () => {
  const { id, state, review } = await room.paid('automatic', 60_000n);
  assert.deepEqual([state, review], ['authorized', 'open']);
  await assert.rejects(room.payments.capture(room.caller, { paymentId: id }), { code: 'review_open' });
  const { possible } = await read(id);
  assert.deepEqual([possible.capture, possible.review, possible.void], [false, true, true]);
});

test('a yes lets an automatic payment go on, in the same commit', async () => {
  const { id } = await room.paid('automatic', 60_000n);
  const { state, review } = await room.payments.review(room.staff('Finn'), { paymentId: id, verdict: 'approve' });
  assert.deepEqual([state, review], ['captured', 'approved']);
  const again = room.payments.review(room.staff('Finn'), { paymentId: id, verdict: 'reject' });
  await assert.rejects(again, { code: 'illegal_move' });
});

test('a yes to a manual payment leaves its capture to the merchant', async () => {
  const { id } = await room.paid('manual', 60_000n);
  await room.payments.review(room.staff('Finn'), { paymentId: id, verdict: 'approve' });
  assert.equal((await read(id)).state, 'authorized');
  assert.equal((await room.payments.capture(room.caller, { paymentId: id })).state, 'captured');
});

test('a no lets the card go and ends the intent', async () => {
  const { id, intentId } = await room.paid('automatic', 60_000n);
  await room.payments.review(room.staff('Finn'), { paymentId: id, verdict: 'reject', note: 'two shipping addresses' });
  assert.deepEqual([(await read(id)).state, (await read(id)).review], ['voided', 'rejected']);
  assert.equal((await room.payments.intent(room.caller, intentId)).cancellationReason, 'fraudulent');
});

test('where letting the card go is refused, a person is told', async () => {
  const { id } = await room.paid('automatic', 60_000n);
  room.script.send = () => refused;
  await room.payments.review(room.staff('Finn'), { paymentId: id, verdict: 'reject' });
  room.script.send = accepted;
  const open = await room.payments.escalations(room.staff('Finn'), { open: true });
  assert.ok(open.some((one) => one.paymentId === id && one.kind === 'stuck'));
});

test('a review that nobody has decided ends where its payment is voided, with a word in the log', async () => {
  const { id, intentId } = await room.paid('automatic', 60_000n);
  room.script.send = () => refused;
  await room.payments.cancel(room.caller, { intentId });
  assert.deepEqual([(await read(id)).state, (await read(id)).review], ['authorized', 'open'], 'the void was refused');
  room.script.send = accepted;
  await room.payments.cancel(room.caller, { intentId });
  assert.deepEqual([(await read(id)).state, (await read(id)).review], ['voided', 'rejected']);
  assert.equal((await room.payments.intent(room.caller, intentId)).cancellationReason, 'requested_by_customer');
  const log = await room.payments.timeline(room.caller, id);
  assert.deepEqual(
    log.map(({ trigger }) => trigger).filter((trigger) => /^(review_|void)/.test(trigger)),
    ['review_opened', 'review_closed', 'void'],
  );
  const late = room.payments.review(room.staff('Finn'), { paymentId: id, verdict: 'approve' });
  await assert.rejects(late, { code: 'illegal_move' });
});

test('of a payment that was never authorized nobody has to look at anything', async () => {
  room.script.send = () => refused;
  const declined = await room.paid('automatic', 60_000n);
  room.script.stopped = ['alder'];
  const queued = await room.paid('automatic', 60_000n);
  assert.deepEqual([queued.state, queued.review], ['risk_checked', 'open']);
  await room.payments.cancel(room.caller, { intentId: queued.intentId });
  for (const { id } of [declined, queued]) {
    const { state, review } = await read(id);
    assert.deepEqual([state, review], ['failed', null]);
    const log = await room.payments.timeline(room.caller, id);
    assert.ok(log.every(({ trigger }) => !trigger.startsWith('review_')));
  }
});

test('the database takes no capture while the review is open', async () => {
  const { id } = await room.paid('automatic', 60_000n);
  const jump = room.mover`UPDATE payments SET state = 'capture_pending', version = version + 1 WHERE id = ${id}`;
  await assert.rejects(jump, { constraint_name: 'payments_review_before_capture' });
});

test('support looks and does not decide', async () => {
  const { id } = await room.paid('automatic', 60_000n);
  const support = { ...room.staff('Sara'), role: 'support' as const };
  await assert.rejects(room.payments.review(support as never, { paymentId: id, verdict: 'approve' }), {
    code: 'forbidden',
  });
});

test('a hold that is soon over is voided, or captured where the merchant wants that, and never while it is reviewed', async () => {
  const day = 86_400_000;
  const plain = await room.paid('manual');
  room.clock.forward(7 * day - 3600_000);
  await room.payments.settleHolds(10);
  assert.equal((await read(plain.id)).state, 'voided');
  await room.owner`INSERT INTO payment_settings (merchant_id, hold_expiry) VALUES (${room.caller.merchantId}, 'capture')`;
  const [kept, looked] = [await room.paid('manual'), await room.paid('automatic', 60_000n)];
  await room.payments.settleHolds(10);
  assert.equal((await read(kept.id)).state, 'authorized', 'not before its time');
  room.clock.forward(7 * day - 3600_000);
  await room.payments.settleHolds(10);
  assert.deepEqual([(await read(kept.id)).state, (await read(looked.id)).state], ['captured', 'voided']);
  assert.equal((await read(looked.id)).review, 'rejected');
});
