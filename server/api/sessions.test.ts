import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import Stripe from 'stripe';
import { type Stack, startStack } from './testing/stack.ts';

let stack: Stack;
let stripe: Stripe;

before(async () => {
  stack = await startStack();
  stripe = stack.merchant.stripe;
});
after(() => stack.stop());

const line = (name: string, amount: number, quantity = 1): Stripe.Checkout.SessionCreateParams.LineItem => ({
  price_data: { currency: 'eur', unit_amount: amount, product_data: { name } },
  quantity,
});

const create = (more: Partial<Stripe.Checkout.SessionCreateParams> = {}) =>
  stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'https://shop.test/done?session={CHECKOUT_SESSION_ID}',
    line_items: [line('Mug', 1250, 2), line('Tea', 500)],
    ...more,
  });

const refused = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail('it was not refused'),
    (error: unknown) => (error instanceof Stripe.errors.StripeError ? error : assert.fail(String(error))),
  );

/** The shopper pays on the hosted page, with a card that the vault made a token of. */
async function pay(session: Stripe.Checkout.Session): Promise<string> {
  const { vault } = stack.rooms;
  const checkout = stack.pages;
  const shopper = await checkout.bySecret(session.url?.split('/').at(-1) ?? '');
  const [row] = await stack.sql<{ intent_id: string }[]>`
    SELECT intent_id FROM checkout_sessions WHERE id = ${shopper.sessionId}`;
  const purpose = {
    merchantId: shopper.merchantId,
    intentId: row?.intent_id ?? '',
    currency: 'EUR',
    maxAmount: 3000n,
  } as const;
  const token = await vault.testToken('pm_card_visa', purpose);
  return (await checkout.confirm(shopper, { token, attempt: 'attempt1attempt1' })).kind;
}

test('a session adds up its cart and says where to send the shopper', async () => {
  const session = await create({
    client_reference_id: 'order-7',
    customer_email: 'a@shopper.test',
    metadata: { a: 'b' },
  });
  assert.match(session.id, /^cs_test_/);
  assert.deepEqual(
    [session.status, session.payment_status, session.amount_total, session.currency, session.payment_intent],
    ['open', 'unpaid', 3000, 'eur', null],
  );
  assert.match(session.url ?? '', /^http:\/\/localhost:3000\/checkout\/cs_test_/);
  assert.deepEqual(
    [session.client_reference_id, session.customer_email, session.metadata],
    ['order-7', 'a@shopper.test', { a: 'b' }],
  );
  assert.equal(session.expires_at - session.created, 24 * 3600);
  const { lastResponse: _, ...read } = await stripe.checkout.sessions.retrieve(session.id);
  const { lastResponse: __, ...said } = session;
  assert.deepEqual(read, said);
});

test('its line items are listed page by page, and written out where that is asked for', async () => {
  const session = await create({
    line_items: [line('A', 100), line('B', 200), line('C', 300)],
    expand: ['line_items'],
  });
  assert.deepEqual(
    session.line_items?.data.map(({ description }) => description),
    ['A', 'B', 'C'],
  );
  const first = await stripe.checkout.sessions.listLineItems(session.id, { limit: 2 });
  assert.deepEqual(
    [first.data.length, first.has_more, first.url],
    [2, true, `/v1/checkout/sessions/${session.id}/line_items`],
  );
  const names: (string | null)[] = [];
  for await (const item of stripe.checkout.sessions.listLineItems(session.id, { limit: 1 }))
    names.push(item.description);
  assert.deepEqual(names, ['A', 'B', 'C']);
  const back = await stripe.checkout.sessions.listLineItems(session.id, {
    ending_before: first.data[1]?.id ?? '',
    limit: 5,
  });
  assert.deepEqual([back.data.map(({ description }) => description), back.has_more], [['A'], false]);
  const bad = await refused(stripe.checkout.sessions.listLineItems(session.id, { starting_after: 'li_x' }));
  assert.deepEqual([bad.code, bad.param], ['resource_missing', 'starting_after']);
});

test('a session that was paid is complete, leads to its intent, and cannot be expired', async () => {
  const session = await create();
  assert.equal(await pay(session), 'paid');
  const paid = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent.latest_charge'] });
  assert.deepEqual([paid.status, paid.payment_status, paid.url], ['complete', 'paid', null]);
  const intent = paid.payment_intent as Stripe.PaymentIntent;
  assert.deepEqual([intent.status, intent.amount_received], ['succeeded', 3000]);
  assert.equal((intent.latest_charge as Stripe.Charge).paid, true);
  const late = await refused(stripe.checkout.sessions.expire(session.id));
  assert.equal(late.statusCode, 400);
  assert.match(late.message, /status in \["open"\].*`complete`/);
  assert.equal((await stripe.refunds.create({ payment_intent: intent.id, amount: 500 })).status, 'succeeded');
});

test('a session that was expired takes no payment any more', async () => {
  const session = await create();
  const expired = await stripe.checkout.sessions.expire(session.id);
  assert.deepEqual([expired.status, expired.url], ['expired', null]);
  const rows = await stack.rows();
  assert.equal(await pay(session), 'expired');
  assert.deepEqual(await stack.rows(), rows);
  assert.match((await refused(stripe.checkout.sessions.expire(session.id))).message, /`expired`/);
});

test('the capture method of the cart is that of its intent', async () => {
  const session = await create({ payment_intent_data: { capture_method: 'manual' } });
  await pay(session);
  const { payment_intent } = await stripe.checkout.sessions.retrieve(session.id, { expand: ['payment_intent'] });
  assert.equal((payment_intent as Stripe.PaymentIntent).status, 'requires_capture');
});

test("wrong carts, unknown sessions and another merchant's leave nothing behind", async () => {
  const session = await create();
  const rows = await stack.rows();
  const stranger = stack.stranger.stripe.checkout.sessions;
  const now = Math.floor(Date.now() / 1000);
  const works: [() => Promise<unknown>, number, string | undefined][] = [
    [() => create({ line_items: [line('Mug', -5)] }), 400, 'line_items[0][price_data][unit_amount]'],
    [() => create({ line_items: [{ ...line('Mug', 5), quantity: 0 }] }), 400, 'line_items[0][quantity]'],
    [() => create({ line_items: [{ price: 'price_x', quantity: 1 }] }), 400, 'line_items[0][price]'],
    [() => create({ mode: 'subscription' }), 400, 'mode'],
    [() => create({ success_url: 'javascript:alert(1)' }), 400, 'success_url'],
    [() => create({ expires_at: now + 60 }), 400, 'expires_at'],
    [() => create({ customer_email: 'nobody' }), 400, 'customer_email'],
    [() => stripe.checkout.sessions.retrieve('cs_test_x'), 404, 'session'],
    [() => stranger.retrieve(session.id), 404, 'session'],
    [() => stranger.expire(session.id), 404, 'session'],
    [() => stranger.listLineItems(session.id).then((list) => list.data), 404, 'session'],
  ];
  for (const [work, status, param] of works) {
    const error = await refused(work());
    assert.deepEqual([error.statusCode, error.param], [status, param], error.message);
  }
  assert.deepEqual(await stack.rows(), rows);
});
