import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, test } from 'node:test';
import Stripe from 'stripe';
import { makeLog } from '#server/observability/log.ts';
import { listen } from './listen.ts';
import { makeServer, type Rooms } from './server.ts';
import { clientOf, type Stack, startStack } from './testing/stack.ts';

let stack: Stack;

before(async () => {
  stack = await startStack();
});
after(() => stack.stop());

const formType = 'application/x-www-form-urlencoded';
const intents = '/v1/payment_intents';
const post = (body: string, type = formType): RequestInit => ({
  method: 'POST',
  body,
  headers: { 'content-type': type },
});

/** The envelope that every error comes in, whatever layer it comes from. */
async function envelope(response: Response): Promise<{ type: string; message: string; code?: string; param?: string }> {
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.match(response.headers.get('request-id') ?? '', /^req_\w{22}$/);
  const { error } = (await response.json()) as { error: { type: string; message: string } };
  assert.match(error.type, /^(api|card|idempotency|invalid_request)_error$/);
  assert.ok(error.message.length > 10);
  return error;
}

const huge = 'x'.repeat(1_100_000);
const badInput: [string, string, RequestInit, number][] = [
  ['malformed JSON', intents, post('{"amount":', 'application/json'), 400],
  ['JSON that is no object', intents, post('[1]', 'application/json'), 400],
  ['a wrong type', intents, post('{"amount":{"a":1},"currency":"eur"}', 'application/json'), 400],
  ['a list for a text', intents, post('amount=5&currency[]=eur'), 400],
  ['a percent sign alone', intents, post('amount=%'), 400],
  ['a name sent twice', intents, post('amount=1&amount=2&currency=eur'), 400],
  ['a prototype', intents, post('__proto__[amount]=5&currency=eur'), 400],
  ['a NUL character', intents, post('amount=5&currency=eur&description=%00'), 400],
  [
    'half a surrogate pair',
    intents,
    post('{"amount":5,"currency":"eur","metadata":{"a":"\\ud800"}}', 'application/json'),
    400,
  ],
  ['parameters in the URL of a POST', `${intents}?amount=5&currency=eur`, { method: 'POST' }, 400],
  ['a broken URL', `${intents}/%zz`, {}, 400],
  ['an unknown id', `${intents}/pi_nothing`, {}, 404],
  ['an id that is an injection', `${intents}/${encodeURIComponent("pi_' OR 1=1 --")}`, {}, 404],
  ['an unknown path', '/v1/customers', {}, 404],
  ['no path', '/', {}, 404],
  ['another method', intents, { method: 'DELETE' }, 405],
  ['another method on an id', `${intents}/pi_x/confirm`, {}, 405],
  ['a body that is too large', intents, post(`amount=5&currency=eur&description=${huge}`), 413],
  ['an id that is too long', `${intents}/${'a'.repeat(300)}`, {}, 414],
  ['another type of body', intents, post('<amount>5</amount>', 'text/xml'), 415],
  ['a body without a type', intents, { method: 'POST', body: Buffer.from('amount=5') }, 415],
  ['a GET with unknown parameters', `${intents}/pi_x?wat=1`, {}, 400],
];

test('bad input gets a clear error in the envelope, and leaves nothing behind', async () => {
  const rows = await stack.rows();
  for (const [what, path, init, status] of badInput) {
    const response = await stack.raw(path, init);
    assert.equal(response.status, status, what);
    await envelope(response);
  }
  assert.deepEqual(await stack.rows(), rows);
});

test('a path that exists under another method says which', async () => {
  assert.equal((await stack.raw(`${intents}/pi_x`, { method: 'POST' })).headers.get('allow'), 'GET');
  assert.equal((await stack.raw('/v1/refunds')).headers.get('allow'), 'POST');
});

/** What a server says to bytes that are no request. */
function say(bytes: string, host = '127.0.0.1'): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(stack.port, host, () => socket.write(bytes));
    let heard = '';
    socket.on('data', (chunk) => {
      heard += chunk;
    });
    socket.on('error', (error: Error & { code?: string }) =>
      error.code === 'ECONNRESET' ? resolve(heard) : reject(error),
    );
    socket.on('close', () => resolve(heard));
  });
}

test('what never becomes a request is answered in the envelope too, on both of the addresses', async () => {
  for (const host of ['127.0.0.1', '::1']) {
    const garbage = await say('HELLO THERE\r\n\r\n', host);
    assert.match(garbage, /^HTTP\/1\.1 400 .*"type":"invalid_request_error"/s);
    assert.match(garbage, /Request-Id: req_/);
    const headers = await say(`GET /v1/refunds HTTP/1.1\r\nHost: a\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, host);
    assert.match(headers, /^HTTP\/1\.1 431 .*"error":/s);
  }
});

test('the official client meets each of them as its own class', async () => {
  const { stripe } = stack.merchant;
  const heard = async (work: Promise<unknown>) => (await work.catch((error) => error)) as Stripe.errors.StripeError;
  const { errors } = Stripe;
  const none = clientOf(stack.port, 'sk_test_nobody');
  assert.ok((await heard(none.paymentIntents.retrieve('pi_x'))) instanceof errors.StripeAuthenticationError);
  const live = clientOf(stack.port, stack.merchant.key.replace('sk_test', 'sk_live'));
  assert.ok((await heard(live.paymentIntents.retrieve('pi_x'))) instanceof errors.StripeAuthenticationError);
  const missing = await heard(stripe.paymentIntents.retrieve('pi_x'));
  assert.ok(missing instanceof errors.StripeInvalidRequestError);
  assert.deepEqual([missing.code, missing.param], ['resource_missing', 'intent']);
  assert.ok((await heard(stripe.customers.list())) instanceof errors.StripeInvalidRequestError);
  const other = { stripeAccount: 'acct_other' };
  assert.ok((await heard(stripe.paymentIntents.retrieve('pi_x', {}, other))) instanceof errors.StripePermissionError);
  const expand = await heard(stripe.paymentIntents.create({ amount: 5, currency: 'eur', expand: ['invoice'] }));
  assert.match(expand.message, /^This property cannot be expanded \(invoice\)\./);
});

test('a key is taken as bearer or as user name, and a wrong one is not repeated', async () => {
  const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` });
  const status = async (headers: Record<string, string>) => (await stack.raw(`${intents}/pi_x`, { headers })).status;
  assert.equal(await status(basic(`${stack.merchant.key}:`)), 404);
  assert.equal(await status(basic(`:${stack.merchant.key}`)), 401);
  assert.equal(await status({ authorization: '' }), 401);
  assert.equal(await status({ authorization: 'Bearer' }), 401);
  const response = await stack.raw(`${intents}/pi_x`, {
    headers: { authorization: 'Bearer sk_test_4242424242424242' },
  });
  assert.equal(response.headers.get('www-authenticate'), 'Bearer realm="Florin"');
  assert.doesNotMatch((await envelope(response)).message, /42424242/);
});

test('a request without a key is refused before its body is read', async () => {
  const body = { ...post(huge, 'text/xml'), headers: { 'content-type': 'text/xml', authorization: '' } };
  assert.equal((await stack.raw(intents, body)).status, 401);
});

test('a crash says nothing of its inside, and everything to the log', async (t) => {
  let logged = '';
  const log = makeLog('api', { write: (line) => (logged += line) });
  const create = () => Promise.reject(new Error('column "inside" does not exist'));
  const app = makeServer({ ...stack.rooms, log, payments: { ...stack.rooms.payments, create } });
  t.after(() => app.close());
  const stripe = clientOf(await listen(app, 0), stack.merchant.key);
  const error = await stripe.paymentIntents.create({ amount: 5, currency: 'eur' }).catch((e) => e);
  assert.ok(error instanceof Stripe.errors.StripeAPIError);
  assert.deepEqual([error.statusCode, error.message], [500, 'Something went wrong on our side.']);
  assert.match(logged, /"request failed"/);
  assert.match(logged, /inside/);
  assert.ok(logged.includes(error.requestId ?? 'none'));
});

test('a server that closes answers what it has begun, on both of the addresses', async () => {
  for (const host of ['127.0.0.1', '[::1]']) {
    const begun = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const create: Rooms['payments']['create'] = async (caller, input) => {
      begun.resolve();
      await goOn.promise;
      return stack.rooms.payments.create(caller, input);
    };
    const app = makeServer({ ...stack.rooms, payments: { ...stack.rooms.payments, create } });
    const port = await listen(app, 0);
    const headers = { 'content-type': formType, authorization: `Bearer ${stack.merchant.key}` };
    const answer = fetch(`http://${host}:${port}${intents}`, {
      method: 'POST',
      body: 'amount=5&currency=eur',
      headers,
    });
    await begun.promise;
    const closed = app.close();
    goOn.resolve();
    assert.equal((await answer).status, 200);
    await closed;
    await assert.rejects(fetch(`http://${host}:${port}/health`));
  }
});

test('every answer names its request, echoes version and key, and is not to be cached', async () => {
  const headers = { 'content-type': formType, 'stripe-version': '2024-01-01.old', 'idempotency-key': 'echo' };
  const { headers: got } = await stack.raw(intents, { method: 'POST', body: 'amount=5&currency=eur', headers });
  assert.deepEqual(
    [got.get('stripe-version'), got.get('idempotency-key'), got.get('cache-control')],
    ['2024-01-01.old', 'echo', 'no-store'],
  );
  const refused = await stack.raw('/v1/nothing', { headers: { 'stripe-version': '<script>' } });
  assert.equal(refused.headers.get('stripe-version'), '2026-10-28.endive');
});

test('each request leaves one line in the log, with its ids and without its parameters', async () => {
  const description = 'words-that-are-nobodys-business';
  const response = await stack.raw(intents, post(`amount=5&currency=eur&description=${description}`));
  const request = response.headers.get('request-id') ?? '';
  const { id } = (await response.json()) as { id: string };
  await stack.raw(`${intents}/${id}`);
  const lines = stack
    .log()
    .split('\n')
    .filter((line) => line.includes(request));
  assert.equal(lines.length, 1);
  const line = JSON.parse(lines[0] ?? '{}');
  assert.deepEqual([line.merchant, line.method, line.route, line.status], [stack.merchant.id, 'POST', intents, 200]);
  assert.ok(line.milliseconds > 0 && line.intent && line.payment);
  assert.ok(!stack.log().includes(description));
});

test('health, readiness and measurements need no key', async () => {
  const get = async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${stack.port}${path}`);
    return [response.status, await response.text()] as const;
  };
  assert.deepEqual(await get('/health'), [200, '{"status":"ok"}']);
  assert.deepEqual(await get('/ready'), [200, '{"status":"ok"}']);
  const [status, text] = await get('/metrics');
  assert.equal(status, 200);
  assert.match(text, /florin_api_request_seconds_count\{route="\/v1\/payment_intents",method="POST",status="200"\}/);
});
