import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import { parseForm } from './form.ts';
import { fingerprint } from './idempotency.ts';
import { listen } from './listen.ts';
import { makeServer } from './server.ts';
import { clientOf, type Stack, startStack } from './testing/stack.ts';

let stack: Stack;
let stripe: Stripe;
let keys = 0;
const freshKey = () => `key-${++keys}`;

before(async () => {
  stack = await startStack();
  stripe = stack.merchant.stripe;
});
after(() => stack.stop());

const form = { 'content-type': 'application/x-www-form-urlencoded' };
const post = (path: string, body: string, key: string) =>
  stack.raw(path, { method: 'POST', body, headers: { ...form, 'idempotency-key': key } });

const refused = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail('it was not refused'),
    (error: unknown) => (error instanceof Stripe.errors.StripeError ? error : assert.fail(String(error))),
  );

/** As if the process had died between the commit of the change and the storing of its answer, three minutes ago. */
const loseAnswer = (key: string) => stack.sql`
  UPDATE idempotency_keys SET status = NULL, body = NULL, request = NULL, answered_at = NULL,
    claimed_at = claimed_at - interval '3 minutes' WHERE key = ${key}`;

async function untilClaimed(key: string): Promise<void> {
  while ((await stack.sql`SELECT 1 FROM idempotency_keys WHERE key = ${key}`).length === 0) await sleep(5);
}

test('the same request under the same key is answered again, byte for byte, and nothing happens twice', async () => {
  const key = freshKey();
  const first = await post('/v1/payment_intents', 'amount=500&currency=eur&metadata[a]=1', key);
  const rows = await stack.rows();
  const again = await post('/v1/payment_intents', 'metadata[a]=1&currency=eur&amount=500', key);
  assert.equal(again.status, 200);
  assert.equal(await again.text(), await first.text());
  assert.equal(again.headers.get('idempotent-replayed'), 'true');
  assert.equal(again.headers.get('original-request'), first.headers.get('request-id'));
  assert.equal(again.headers.get('idempotency-key'), key);
  assert.equal(first.headers.get('idempotent-replayed'), null);
  assert.deepEqual(await stack.rows(), rows);
});

test('another request under the same key is refused, with other parameters as well as on another path', async () => {
  const idempotencyKey = freshKey();
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: 'eur' }, { idempotencyKey });
  const rows = await stack.rows();
  const works = [
    () => stripe.paymentIntents.create({ amount: 501, currency: 'eur' }, { idempotencyKey }),
    () => stripe.paymentIntents.cancel(intent.id, {}, { idempotencyKey }),
  ];
  for (const work of works) {
    const error = await refused(work());
    assert(error instanceof Stripe.errors.StripeIdempotencyError);
    assert.match(error.message, /can only be used with the same parameters.*'key-\d+'/);
  }
  assert.deepEqual(await stack.rows(), rows);
});

test('a decline is given again as the same card error, without a second attempt', async () => {
  const idempotencyKey = freshKey();
  const method = { payment_method: 'pm_card_visa_chargeDeclined' };
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: 'eur' });
  const first = await refused(stripe.paymentIntents.confirm(intent.id, method, { idempotencyKey }));
  const rows = await stack.rows();
  const again = await refused(stripe.paymentIntents.confirm(intent.id, method, { idempotencyKey }));
  assert(again instanceof Stripe.errors.StripeCardError);
  assert.deepEqual([again.charge, again.decline_code], [first.charge, first.decline_code]);
  assert.deepEqual(await stack.rows(), rows);
});

test('while the first is at work the second hears so, may retry, and gets the answer of the first', async () => {
  const idempotencyKey = freshKey();
  const intent = await stripe.paymentIntents.create({ amount: 700, currency: 'eur' });
  const confirm = (client: Stripe) =>
    client.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa' }, { idempotencyKey });
  await stack.pull({ kind: 'authorize', fault: 'slow', milliseconds: 1000, times: 1 });
  const first = confirm(stripe);
  await untilClaimed(idempotencyKey);
  const second = await refused(confirm(stripe));
  assert.deepEqual([second.statusCode, second.code], [409, 'idempotency_key_in_use']);
  assert.equal(second.headers?.['stripe-should-retry'], 'true');
  const patient = new Stripe(stack.merchant.key, {
    host: '127.0.0.1',
    port: stack.port,
    protocol: 'http',
    maxNetworkRetries: 5,
  });
  const third = await confirm(patient);
  assert.equal(third.lastResponse.headers['idempotent-replayed'], 'true');
  assert.deepEqual([third.status, (await first).latest_charge], ['succeeded', third.latest_charge]);
});

test('of twenty creations at once under one key one is made, and everybody hears of that one or to come again', async () => {
  const idempotencyKey = freshKey();
  const before = await stack.rows();
  const create = () => stripe.paymentIntents.create({ amount: 500, currency: 'eur' }, { idempotencyKey });
  const settled = await Promise.allSettled(Array.from({ length: 20 }, create));
  const made = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value.id] : []));
  const codes = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason.code] : []));
  assert.equal(new Set(made).size, 1);
  assert.deepEqual(
    codes,
    codes.map(() => 'idempotency_key_in_use'),
  );
  assert.equal((await stack.rows()).intents, (before.intents ?? 0) + 1);
});

test('where the answer was lost, the key answers with what became of the change, and then for ever so', async () => {
  const key = freshKey();
  const intent = await stripe.paymentIntents.create({ amount: 900, currency: 'eur', capture_method: 'manual' });
  const path = `/v1/payment_intents/${intent.id}/confirm`;
  await post(path, 'payment_method=pm_card_visa', key);
  await loseAnswer(key);
  await stripe.paymentIntents.capture(intent.id);
  const rows = await stack.rows();
  const again = await post(path, 'payment_method=pm_card_visa', key);
  const body = await again.text();
  assert.deepEqual([again.status, JSON.parse(body).status], [200, 'succeeded']);
  const replay = await post(path, 'payment_method=pm_card_visa', key);
  assert.equal(replay.headers.get('idempotent-replayed'), 'true');
  assert.equal(await replay.text(), body);
  assert.deepEqual(await stack.rows(), rows);
});

test('a lost answer is found again for captures, cancels, refunds and sessions too', async () => {
  const paid = await stripe.paymentIntents.create({
    amount: 900,
    currency: 'eur',
    capture_method: 'manual',
    confirm: true,
    payment_method: 'pm_card_visa',
  });
  const other = await stripe.paymentIntents.create({ amount: 100, currency: 'eur' });
  const item =
    'line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=5&line_items[0][price_data][product_data][name]=Mug&line_items[0][quantity]=1';
  const session = `mode=payment&success_url=https%3A%2F%2Fshop.test&${item}`;
  const requests: [string, string][] = [
    [`/v1/payment_intents/${paid.id}/capture`, 'amount_to_capture=800'],
    [`/v1/payment_intents/${other.id}/cancel`, ''],
    ['/v1/refunds', `payment_intent=${paid.id}&amount=300`],
    ['/v1/checkout/sessions', session],
  ];
  for (const [path, body] of requests) {
    const key = freshKey();
    const first = await (await post(path, body, key)).text();
    await loseAnswer(key);
    const rows = await stack.rows();
    const again = await post(path, body, key);
    assert.equal(again.status, 200, path);
    assert.equal(again.headers.get('idempotent-replayed'), null);
    assert.equal(await again.text(), first);
    assert.deepEqual(await stack.rows(), rows);
  }
});

test('what is refused before a change claims nothing: the key is free for the corrected request', async () => {
  const idempotencyKey = freshKey();
  const intent = await stripe.paymentIntents.create({ amount: 500, currency: 'eur' });
  await refused(stripe.paymentIntents.capture(intent.id, { amount_to_capture: 0 }, { idempotencyKey }));
  await refused(stripe.paymentIntents.capture(intent.id, {}, { idempotencyKey }));
  const canceled = await stripe.paymentIntents.cancel(intent.id, {}, { idempotencyKey });
  assert.equal(canceled.status, 'canceled');
});

test("a merchant's keys are its own", async () => {
  const idempotencyKey = freshKey();
  const create = (client: Stripe) => client.paymentIntents.create({ amount: 500, currency: 'eur' }, { idempotencyKey });
  assert.notEqual((await create(stripe)).id, (await create(stack.stranger.stripe)).id);
});

test('a key has up to 255 characters, and quotes around it are not a part of it', async () => {
  const body = 'amount=500&currency=eur';
  assert.equal((await post('/v1/payment_intents', body, 'k'.repeat(256))).status, 400);
  assert.equal((await post('/v1/payment_intents', body, '')).status, 400);
  const long = 'k'.repeat(255);
  const bare = await post('/v1/payment_intents', body, long);
  const quoted = await post('/v1/payment_intents', body, `"${long}"`);
  assert.equal(await quoted.text(), await bare.text());
});

test("a session's URL is its secret: it is answered again, and stored nowhere", async () => {
  const idempotencyKey = freshKey();
  const create = () =>
    stripe.checkout.sessions.create(
      {
        mode: 'payment',
        success_url: 'https://shop.test',
        line_items: [{ price_data: { currency: 'eur', unit_amount: 5, product_data: { name: 'Mug' } }, quantity: 1 }],
      },
      { idempotencyKey },
    );
  const { lastResponse: _, ...first } = await create();
  const { lastResponse, ...again } = await create();
  assert.deepEqual(again, first);
  assert.equal(lastResponse.headers['idempotent-replayed'], 'true');
  const secret = first.url?.slice(-32) ?? assert.fail();
  const rows = await stack.sql`SELECT k::text, s::text FROM idempotency_keys k LEFT JOIN checkout_sessions s ON true`;
  assert.ok(rows.length > 0 && !JSON.stringify(rows).includes(secret));
});

test('a session is expired once, and the repeated request hears the same', async () => {
  const session = await stripe.checkout.sessions.create({
    mode: 'payment',
    success_url: 'https://shop.test',
    line_items: [{ price_data: { currency: 'eur', unit_amount: 5, product_data: { name: 'Mug' } }, quantity: 1 }],
  });
  const idempotencyKey = freshKey();
  const first = await stripe.checkout.sessions.expire(session.id, {}, { idempotencyKey });
  const again = await stripe.checkout.sessions.expire(session.id, {}, { idempotencyKey });
  assert.deepEqual([first.status, again.status], ['expired', 'expired']);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
});

test('an answer that could not be stored is no second payment: the key is busy, then says what happened', async (t) => {
  const keys = { ...stack.rooms.keys, remember: () => Promise.reject(new Error('connection lost')) };
  const app = makeServer({ ...stack.rooms, keys });
  t.after(() => app.close());
  const broken = clientOf(await listen(app, 0), stack.merchant.key);
  const idempotencyKey = freshKey();
  const pay = (client: Stripe) =>
    client.paymentIntents.create(
      { amount: 400, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' },
      { idempotencyKey },
    );
  assert.equal((await refused(pay(broken))).statusCode, 500);
  const rows = await stack.rows();
  assert.equal((await refused(pay(stripe))).code, 'idempotency_key_in_use');
  await stack.sql`UPDATE idempotency_keys SET claimed_at = claimed_at - interval '3 minutes' WHERE key = ${idempotencyKey}`;
  assert.equal((await pay(stripe)).status, 'succeeded');
  assert.deepEqual(await stack.rows(), rows);
});

test('what a plain creation is answered is kept in its commit: nothing has to be stored afterwards', async (t) => {
  const keys = { ...stack.rooms.keys, remember: () => Promise.reject(new Error('connection lost')) };
  const app = makeServer({ ...stack.rooms, keys });
  t.after(() => app.close());
  const broken = clientOf(await listen(app, 0), stack.merchant.key);
  const idempotencyKey = freshKey();
  const create = (client: Stripe) =>
    client.paymentIntents.create({ amount: 400, currency: 'eur', expand: ['latest_charge'] }, { idempotencyKey });
  const { lastResponse: first, ...made } = await create(broken);
  const { lastResponse: second, ...again } = await create(stripe);
  assert.deepEqual(again, made);
  assert.equal(second.headers['original-request'], first.requestId);
  const [row] =
    await stack.sql`SELECT status, body, claimed_at, answered_at FROM idempotency_keys WHERE key = ${idempotencyKey}`;
  assert.deepEqual([row?.status, JSON.parse(row?.body), row?.answered_at], [200, made, row?.claimed_at]);
});

test('fingerprints tell methods, paths and values apart, and not the order of names', () => {
  const print = (path: string, text: string) =>
    fingerprint({ method: 'POST', path, sent: parseForm(text) }).toString('hex');
  assert.equal(print('/a', 'x=1&y[b]=2&y[a]=3'), print('/a', 'y[a]=3&y[b]=2&x=1'));
  assert.notEqual(print('/a', 'x=1'), print('/b', 'x=1'));
  assert.notEqual(print('/a', 'x=1'), print('/a', 'x=2'));
  assert.notEqual(print('/a', 'l[]=1&l[]=2'), print('/a', 'l[]=2&l[]=1'));
  assert.notEqual(print('/a', 'x=1&y=2'), print('/a', `x=${encodeURIComponent('1","y":"2')}`));
});
