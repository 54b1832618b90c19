import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Stripe from 'stripe';
import { showId } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { listen } from './listen.ts';
import { makeServer } from './server.ts';
import { clientOf, type Stack, startStack } from './testing/stack.ts';

let stack: Stack;
let stripe: Stripe;

before(async () => {
  stack = await startStack();
  stripe = stack.merchant.stripe;
});
after(() => stack.stop());

const eur = (amount: number, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({ amount, currency: 'eur', ...more });
const paid = (amount: number, more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  eur(amount, { confirm: true, payment_method: 'pm_card_visa', ...more });
const held = (amount: number) => paid(amount, { capture_method: 'manual' });

/** The error that the client makes of the answer. */
async function refused(work: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const error = await work.then(
    () => assert.fail('it was not refused'),
    (error: unknown) => error,
  );
  assert(error instanceof Stripe.errors.StripeError, String(error));
  return error;
}

const chargeOf = (intent: Stripe.PaymentIntent) => String(intent.latest_charge);

/** What really happened at the acquirer to this charge: kinds and amounts. */
async function effectsOn(charge: string): Promise<[unknown, unknown][]> {
  const all = await stack.books();
  const authorization = all.find(({ reference }) => reference === charge)?.authorization;
  return all.filter((effect) => effect.authorization === authorization).map(({ kind, amount }) => [kind, amount]);
}

test('an intent is made, confirmed and read, and the acquirer has taken what the answer says', async () => {
  const made = await eur(1250, { description: 'Mugs', metadata: { order: '6735' }, receipt_email: 'a@shopper.test' });
  assert.deepEqual(
    [made.status, made.amount, made.currency, made.latest_charge],
    ['requires_payment_method', 1250, 'eur', null],
  );
  const done = await stripe.paymentIntents.confirm(made.id, { payment_method: 'pm_card_visa' });
  assert.deepEqual([done.status, done.amount_received], ['succeeded', 1250]);
  const { lastResponse: _, ...read } = await stripe.paymentIntents.retrieve(made.id);
  const { lastResponse: __, ...said } = done;
  assert.deepEqual(read, said);
  assert.deepEqual(
    [read.description, read.metadata, read.receipt_email],
    ['Mugs', { order: '6735' }, 'a@shopper.test'],
  );
  assert.deepEqual(await effectsOn(chargeOf(done)), [
    ['authorization', 1250],
    ['capture', 1250],
  ]);
});

test('confirm=true makes and pays in one request', async () => {
  const done = await paid(990, { expand: ['latest_charge'], payment_details: { order_reference: 'order-7' } });
  assert.equal(done.status, 'succeeded');
  assert.equal(done.payment_details?.order_reference, 'order-7');
  const charge = done.latest_charge as Stripe.Charge;
  assert.deepEqual([charge.captured, charge.paid, charge.payment_method_details?.card?.last4], [true, true, '4242']);
  const read = await stripe.charges.retrieve(charge.id, { expand: ['payment_intent'] });
  assert.equal((read.payment_intent as Stripe.PaymentIntent).id, done.id);
});

test('a manual authorisation is captured in part, and the rest is released', async () => {
  const intent = await held(1000);
  assert.deepEqual([intent.status, intent.amount_capturable, intent.amount_received], ['requires_capture', 1000, 0]);
  const captured = await stripe.paymentIntents.capture(intent.id, { amount_to_capture: 600 });
  assert.deepEqual([captured.status, captured.amount_capturable, captured.amount_received], ['succeeded', 0, 600]);
  const again = await refused(stripe.paymentIntents.capture(intent.id));
  assert.equal(again.code, 'payment_intent_unexpected_state');
  assert.match(again.message, /remainder of the authorized amount has been released/);
  assert.equal(again.payment_intent?.id, intent.id);
  assert.deepEqual(await effectsOn(chargeOf(intent)), [
    ['authorization', 1000],
    ['capture', 600],
  ]);
});

test('a capture of more than is held, of nothing, or of what is not held is refused', async () => {
  const intent = await held(1000);
  const large = await refused(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 1001 }));
  assert.deepEqual([large.statusCode, large.code, large.param], [400, 'amount_too_large', 'amount_to_capture']);
  const none = await refused(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 0 }));
  assert.equal(none.code, 'parameter_invalid_integer');
  const early = await refused(stripe.paymentIntents.capture((await eur(500)).id));
  assert.match(early.message, /status of requires_payment_method.*requires_capture\.$/);
  assert(early instanceof Stripe.errors.StripeInvalidRequestError);
});

test('a cancel closes an unpaid intent and releases a held one, each once', async () => {
  const unpaid = await stripe.paymentIntents.cancel((await eur(500)).id, { cancellation_reason: 'abandoned' });
  assert.deepEqual([unpaid.status, unpaid.cancellation_reason], ['canceled', 'abandoned']);
  const intent = await held(700);
  const released = await stripe.paymentIntents.cancel(intent.id);
  assert.deepEqual([released.status, released.amount_capturable], ['canceled', 0]);
  assert.deepEqual(await effectsOn(chargeOf(intent)), [
    ['authorization', 700],
    ['void', 700],
  ]);
  assert.equal((await stripe.charges.retrieve(chargeOf(intent))).refunded, true);
  const again = await refused(stripe.paymentIntents.cancel(intent.id));
  assert.match(again.message, /You cannot cancel this PaymentIntent because it has a status of canceled/);
  const late = await refused(stripe.paymentIntents.cancel((await paid(300)).id));
  assert.match(late.message, /status of succeeded/);
  const confirmed = await refused(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }));
  assert.equal(confirmed.code, 'payment_intent_unexpected_state');
});

test('a decline is a card error with everything the merchant may know, and the intent can be paid with another card', async () => {
  const intent = await eur(800);
  const method = 'pm_card_visa_chargeDeclinedInsufficientFunds';
  const error = await refused(stripe.paymentIntents.confirm(intent.id, { payment_method: method }));
  assert(error instanceof Stripe.errors.StripeCardError);
  assert.deepEqual([error.statusCode, error.code, error.decline_code], [402, 'card_declined', 'insufficient_funds']);
  assert.equal(error.payment_intent?.status, 'requires_payment_method');
  assert.equal(error.payment_intent?.last_payment_error?.decline_code, 'insufficient_funds');
  assert.equal(error.charge, error.payment_intent?.latest_charge);
  assert.equal((await stripe.charges.retrieve(String(error.charge))).status, 'failed');
  const done = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_mastercard' });
  assert.deepEqual([done.status, done.last_payment_error], ['succeeded', null]);
});

test('each reason to decline arrives as its own code, and a hidden one is hidden in the message alone', async () => {
  const hear = async (method: string) => {
    const error = await refused(paid(450, { payment_method: method }));
    assert(error instanceof Stripe.errors.StripeCardError);
    return [error.code, error.decline_code, error.message];
  };
  const plain = 'Your card was declined.';
  assert.deepEqual(await hear('pm_card_visa_chargeDeclined'), ['card_declined', 'generic_decline', plain]);
  assert.deepEqual(await hear('pm_card_visa_chargeDeclinedStolenCard'), ['card_declined', 'stolen_card', plain]);
  assert.deepEqual(await hear('pm_card_visa_chargeDeclinedLostCard'), ['card_declined', 'lost_card', plain]);
  assert.equal((await hear('pm_card_chargeDeclinedExpiredCard'))[0], 'expired_card');
  assert.equal((await hear('pm_card_chargeDeclinedIncorrectCvc'))[0], 'incorrect_cvc');
  assert.equal((await hear('pm_card_chargeDeclinedProcessingError'))[0], 'processing_error');
});

test('a refund gives back a part, then the rest, and never more', async () => {
  const intent = await paid(2000);
  const part = await stripe.refunds.create({ payment_intent: intent.id, amount: 500, reason: 'requested_by_customer' });
  assert.deepEqual(
    [part.status, part.amount, part.charge, part.reason],
    ['succeeded', 500, chargeOf(intent), 'requested_by_customer'],
  );
  const much = await refused(stripe.refunds.create({ payment_intent: intent.id, amount: 1501 }));
  assert.deepEqual([much.statusCode, much.code, much.param], [400, undefined, 'amount']);
  assert.equal(much.message, 'Refund amount (€15.01) is greater than unrefunded amount on charge (€15.00)');
  const rest = await stripe.refunds.create({ charge: chargeOf(intent), expand: ['charge', 'payment_intent'] });
  assert.equal(rest.amount, 1500);
  assert.deepEqual(
    [(rest.charge as Stripe.Charge).refunded, (rest.payment_intent as Stripe.PaymentIntent).id],
    [true, intent.id],
  );
  const again = await refused(stripe.refunds.create({ charge: chargeOf(intent) }));
  assert.deepEqual(
    [again.code, again.message],
    ['charge_already_refunded', `Charge ${chargeOf(intent)} has already been refunded.`],
  );
  const { lastResponse: _, ...read } = await stripe.refunds.retrieve(part.id);
  const { lastResponse: __, ...said } = part;
  assert.deepEqual(read, said);
  assert.deepEqual((await effectsOn(chargeOf(intent))).slice(2), [
    ['refund', 500],
    ['refund', 1500],
  ]);
});

test('what was not captured cannot be refunded, and each hears why', async () => {
  const no = async (intent: Stripe.PaymentIntent) => {
    const { statusCode, code, message } = await refused(stripe.refunds.create({ payment_intent: intent.id }));
    assert.equal(statusCode, 400);
    return [code, message.replace(/^Charge ch_\w+ /, '')];
  };
  const state = 'payment_intent_unexpected_state';
  const nothing = 'no money was taken, so there is nothing to refund.';
  const waiting = 'is processing: its provider has not answered yet. Refund it once it has succeeded.';

  assert.deepEqual(await no(await held(400)), [state, 'has not been captured. Cancel its payment intent instead.']);
  const unpaid = await eur(400);
  assert.deepEqual(await no(unpaid), ['charge_not_refundable', `has not been paid: ${nothing}`]);
  await refused(stripe.paymentIntents.confirm(unpaid.id, { payment_method: 'pm_card_visa_chargeDeclined' }));
  assert.deepEqual(await no(unpaid), ['charge_not_refundable', `failed: ${nothing}`]);
  const canceled = await stripe.paymentIntents.cancel((await eur(400)).id);
  assert.deepEqual(await no(canceled), ['charge_not_refundable', `was canceled: ${nothing}`]);
  const released = await stripe.paymentIntents.cancel((await held(400)).id);
  assert.deepEqual(await no(released), ['charge_not_refundable', `was released: ${nothing}`]);
  for (const kind of ['authorize', 'capture']) {
    await stack.pull({ kind, fault: 'lose_after', times: 1 });
    assert.deepEqual(await no(await paid(400)), [state, waiting], kind);
  }
});

test('a captured charge that takes no more operations says so', async () => {
  const intent = await paid(2000);
  // As if 500 refunds had been tried: what is told is the room's own sentence.
  const limit = new Refusal('illegal_move', 'A payment takes at most 500 operations. Refund the rest by other means.');
  const payments = { ...stack.rooms.payments, refund: () => Promise.reject(limit) };
  const app = makeServer({ ...stack.rooms, payments });
  const full = clientOf(await listen(app, 0), stack.merchant.key);
  const error = await refused(full.refunds.create({ payment_intent: intent.id }));
  assert.equal(error.message, limit.message);
  await app.close();
});

test('a provider that falls silent leaves the intent processing, and nobody may pay it again', async () => {
  const intent = await eur(1200);
  await stack.pull({ kind: 'authorize', fault: 'lose_after', times: 1 });
  const waiting = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' });
  assert.deepEqual([waiting.status, waiting.amount_received, waiting.last_payment_error], ['processing', 0, null]);
  const again = await refused(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }));
  assert.match(again.message, /status of processing/);
  assert.deepEqual(await effectsOn(chargeOf(waiting)), [['authorization', 1200]]);
});

test('of twenty captures at once one is made', async () => {
  const intent = await held(900);
  const settled = await Promise.allSettled(Array.from({ length: 20 }, () => stripe.paymentIntents.capture(intent.id)));
  assert.equal(settled.filter(({ status }) => status === 'fulfilled').length, 1);
  assert.deepEqual(await effectsOn(chargeOf(intent)), [
    ['authorization', 900],
    ['capture', 900],
  ]);
});

test("another merchant's things and things that are not there look the same, and nothing is left behind", async () => {
  const intent = await paid(600);
  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 100 });
  const unknown = showId('intent', '019b0000-0000-7000-8000-00000000dead');
  const rows = await stack.rows();
  const { stripe: stranger } = stack.stranger;
  const asked: [() => Promise<unknown>, string][] = [
    [() => stranger.paymentIntents.retrieve(intent.id), `No such payment_intent: '${intent.id}'`],
    [() => stripe.paymentIntents.retrieve(unknown), `No such payment_intent: '${unknown}'`],
    [() => stripe.paymentIntents.retrieve('pi_x'), "No such payment_intent: 'pi_x'"],
    [
      () => stranger.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }),
      `No such payment_intent: '${intent.id}'`,
    ],
    [() => stranger.paymentIntents.capture(intent.id), `No such payment_intent: '${intent.id}'`],
    [() => stranger.paymentIntents.cancel(intent.id), `No such payment_intent: '${intent.id}'`],
    [() => stranger.refunds.create({ payment_intent: intent.id }), `No such payment_intent: '${intent.id}'`],
    [() => stranger.refunds.create({ charge: chargeOf(intent) }), `No such charge: '${chargeOf(intent)}'`],
    [() => stranger.refunds.retrieve(refund.id), `No such refund: '${refund.id}'`],
    [() => stranger.charges.retrieve(chargeOf(intent)), `No such charge: '${chargeOf(intent)}'`],
  ];
  for (const [work, message] of asked) {
    const error = await refused(work());
    assert.deepEqual([error.statusCode, error.code, error.message], [404, 'resource_missing', message]);
  }
  assert.deepEqual(await stack.rows(), rows);
});

test('a payment method that cannot be used makes nothing and claims no key', async () => {
  const intent = await eur(100);
  const rows = await stack.rows();
  for (const method of ['pm_nothing', 'pm_card_nonesuch', 'tok_visa', '4242424242424242']) {
    assert.equal((await refused(paid(100, { payment_method: method }))).param, 'payment_method');
    const confirm = stripe.paymentIntents.confirm(intent.id, { payment_method: method });
    assert.equal((await refused(confirm)).statusCode, 400);
  }
  assert.deepEqual(await stack.rows(), rows);
});
