import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Refusal } from '#server/kernel/refusal.ts';
import { checkoutOnDatabase, decline, type Given, openSession, press, silence } from './testing/given.ts';

let given: Given;
before(async () => {
  given = await checkoutOnDatabase();
});
after(() => given[Symbol.asyncDispose]());

const code = (expected: string) => (error: unknown) => error instanceof Refusal && error.code === expected;

test('a shopper pays: the session is complete, its intent named beforehand is captured, the way back is filled in', async () => {
  const { caller, session, shopper } = await openSession(given);
  const standing = await given.checkout.confirm(shopper, press('pm_test_4242'));
  assert.equal(standing.kind, 'paid');
  assert.ok(standing.kind === 'paid');
  assert.equal(standing.card?.last4, '4242');
  assert.equal(standing.reference, 'HG-1');
  assert.equal(standing.returnUrl, `https://shop.example/thanks?session_id=${session.shownId}`);
  const now = await given.checkout.session(caller, session.id);
  assert.deepEqual([now.status, now.paymentStatus, now.url], ['complete', 'paid', null]);
  assert.ok(now.intentId);
  const intent = await given.payments.intent(caller, now.intentId);
  assert.deepEqual([intent.payment?.state, intent.payment?.captured], ['captured', 1250n]);
  assert.deepEqual([intent.reference, intent.receiptEmail], ['HG-1', 'ada@example.com']);
});

test('a decline comes back as its group, and another card pays the same session and the same intent', async () => {
  const { caller, session, shopper } = await openSession(given);
  given.provider.next(decline('insufficient_funds'));
  const first = await given.checkout.confirm(shopper, press());
  assert.ok(first.kind === 'open');
  assert.equal(first.declined?.group, 'funds');
  assert.equal((await given.checkout.session(caller, session.id)).status, 'open');
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'paid');
  const intent = await given.payments.intent(caller, (await given.checkout.session(caller, session.id)).intentId ?? '');
  assert.deepEqual([intent.payment?.attempt, intent.payment?.captured], [2, 1250n]);
});

test('a thief is not told that the card is stolen, lost or blocked', async () => {
  for (const hidden of ['stolen_card', 'lost_card', 'fraudulent', 'pickup_card', 'merchant_blacklist', 'a_new_code']) {
    const { shopper } = await openSession(given);
    given.provider.next(decline(hidden));
    const standing = await given.checkout.confirm(shopper, press());
    assert.ok(standing.kind === 'open');
    assert.equal(standing.declined?.group, 'declined', hidden);
    assert.doesNotMatch(standing.declined?.text ?? '', /stolen|lost|fraud|block/i);
  }
});

test('a card that was kept too long is asked for again, and no bank is blamed', async () => {
  for (const lapsed of ['token_unusable', 'verification_code_gone']) {
    const { shopper } = await openSession(given);
    given.provider.next(decline(lapsed));
    const standing = await given.checkout.confirm(shopper, press());
    assert.ok(standing.kind === 'open');
    assert.deepEqual([standing.declined?.group, standing.declined?.field], ['reenter', 'cvc'], lapsed);
    assert.match(standing.declined?.text ?? '', /You were not charged.*Enter its security code again/);
  }
});

test('no answer is "processing", takes no other card, and cannot be expired', async () => {
  const { caller, session, shopper } = await openSession(given);
  given.provider.next(silence);
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'processing');
  const asked = given.provider.asked.length;
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'processing');
  assert.equal(given.provider.asked.length, asked);
  await assert.rejects(given.checkout.expire(caller, session.id), code('operation_unclosed'));
  await assert.rejects(given.checkout.grant(shopper), code('session_expired'));
  given.pass(25 * 3_600_000);
  assert.equal((await given.checkout.status(shopper)).kind, 'processing');
  given.pass(-25 * 3_600_000);
});

test('the same attempt twice, one after the other, pays once and tells the same', async () => {
  const { shopper } = await openSession(given);
  const attempt = press();
  const asked = given.provider.asked.length;
  const first = await given.checkout.confirm(shopper, attempt);
  assert.deepEqual(await given.checkout.confirm(shopper, attempt), first);
  assert.equal(given.provider.asked.length - asked, 2); // one authorisation, one capture
});

test('an attempt that was made with one card is refused with another, and nothing is asked', async () => {
  const { shopper } = await openSession(given);
  const attempt = press();
  await given.checkout.confirm(shopper, attempt);
  const asked = given.provider.asked.length;
  const other = given.checkout.confirm(shopper, { ...press(), attempt: attempt.attempt });
  await assert.rejects(other, code('idempotency_mismatch'));
  assert.equal(given.provider.asked.length, asked);
});

test('a declined attempt sent again is the same decline and asks nobody', async () => {
  const { shopper } = await openSession(given);
  const attempt = press();
  given.provider.next(decline('card_not_supported'));
  const first = await given.checkout.confirm(shopper, attempt);
  const asked = given.provider.asked.length;
  assert.deepEqual(await given.checkout.confirm(shopper, attempt), first);
  assert.equal(given.provider.asked.length, asked);
});

test('a second tab that presses while the first is being answered pays nothing', async () => {
  const { shopper } = await openSession(given);
  let answer = () => {};
  const held = new Promise<void>((resolve) => {
    answer = resolve;
  });
  let arrived = () => {};
  const reached = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  given.provider.next(async (order) => {
    arrived();
    await held;
    return given.provider.accept(order);
  });
  const asked = given.provider.asked.length;
  const first = given.checkout.confirm(shopper, press());
  await reached;
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'processing');
  answer();
  assert.equal((await first).kind, 'paid');
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'paid');
  assert.equal(given.provider.asked.length - asked, 2);
});

test('ten presses at once, each with its own card, are one payment', async () => {
  const { shopper } = await openSession(given);
  const asked = given.provider.asked.length;
  await Promise.all(Array.from({ length: 10 }, () => given.checkout.confirm(shopper, press())));
  assert.equal((await given.checkout.status(shopper)).kind, 'paid');
  assert.equal(given.provider.asked.length - asked, 2);
});

test('after ten cards nobody may try an eleventh', async () => {
  const { shopper } = await openSession(given);
  for (let card = 0; card < 10; card++) {
    given.provider.next(decline('generic_decline'));
    await given.checkout.confirm(shopper, press());
  }
  await assert.rejects(given.checkout.confirm(shopper, press()), code('throttled'));
});

test('a manual capture is paid once it is authorised, and canceled once the merchant lets it go', async () => {
  const { caller, session, shopper } = await openSession(given, { captureMethod: 'manual' });
  assert.equal((await given.checkout.confirm(shopper, press())).kind, 'paid');
  const now = await given.checkout.session(caller, session.id);
  assert.deepEqual([now.status, now.paymentStatus], ['complete', 'paid']);
  await given.payments.cancel(caller, { intentId: now.intentId ?? '' });
  assert.equal((await given.checkout.status(shopper)).kind, 'canceled');
});

test('an e-mail address or an attempt that is none is refused before anything is written', async () => {
  const { caller, session, shopper } = await openSession(given);
  for (const email of ['ada', 'a\0da@example.com', 'ada@exam\ud800ple.com', 'ada\u0007@example.com']) {
    await assert.rejects(given.checkout.confirm(shopper, { ...press(), email }), code('invalid_input'), email);
  }
  await assert.rejects(given.checkout.confirm(shopper, { ...press(), attempt: 'short' }), code('invalid_input'));
  assert.equal((await given.checkout.session(caller, session.id)).intentId, null);
});
