import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { Order } from '../contract.ts';
import { stripe } from './stripe.ts';

// Made at 2024-11-04T17:53:35.425Z.
const operation = '0192f84f-8ac1-7000-8000-000000000001';
const order: Order = {
  operation,
  step: 1,
  kind: 'authorize',
  payment: '0192f0c1-0000-7000-8000-000000000002',
  merchantId: '0192f0c1-0000-7000-8000-000000000003',
  intentId: '0192f0c1-0000-7000-8000-000000000004',
  amount: 1250n,
  currency: 'EUR',
  reference: 'ch_1',
  authorizationRef: 'pi_1',
  captureRef: 'ch_1',
};
const { authorize, capture, void: release, refund, inquire, cancel } = stripe('stripe');

test('an authorisation is an intent, created and confirmed, to be captured by us', () => {
  const { authorizationRef: _, ...first } = order;
  assert.deepEqual(authorize({ ...first, returnUrl: 'https://shop.test/back?a=1&b=ü' }).request, {
    method: 'POST',
    path: '/v1/payment_intents',
    body: {
      amount: '1250',
      currency: 'eur',
      capture_method: 'manual',
      confirm: 'true',
      'allowed_payment_method_types[0]': 'card',
      'payment_method_data[type]': 'card',
      'payment_method_data[card][number]': '{{card.number}}',
      'payment_method_data[card][exp_month]': '{{card.exp_month}}',
      'payment_method_data[card][exp_year]': '{{card.exp_year}}',
      'payment_method_data[card][cvc]': '{{card.cvc}}',
      'metadata[florin_key]': `${operation}-1`,
      'metadata[florin_reference]': 'ch_1',
      return_url: 'https://shop.test/back?a=1&b=ü',
    },
  });
});

test('with nowhere to come back to from a bank, being asked to go there is a decline', () => {
  const body = authorize(order).request.body;
  assert.deepEqual([body?.error_on_requires_action, body?.return_url], ['true', undefined]);
});

test('after a challenge nothing is sent a second time: the intent is looked up', () => {
  const { authorizationRef: _, ...challenged } = { ...order, step: 2 };
  const { request, read } = authorize(challenged);
  assert.equal(request.method, 'GET');
  const nothing = { object: 'list', data: [], has_more: false };
  assert.equal(read({ status: 200, body: nothing, milliseconds: 1 }).kind, 'unknown', 'not there is not undone');
});

test('a cancel says of itself what a void never says, so that one can be told from the other when it is told of', () => {
  const reason = (ask: typeof release) => ask({ ...order, amount: 1250n }).request.body?.cancellation_reason;
  assert.ok(cancel);
  assert.deepEqual([reason(cancel), reason(release)], ['abandoned', undefined]);
});

test('capture, release and refund name the intent and the charge that they are of', () => {
  assert.deepEqual(capture({ ...order, kind: 'capture', amount: 500n }).request, {
    method: 'POST',
    path: '/v1/payment_intents/pi_1/capture',
    body: {
      amount_to_capture: '500',
      'metadata[florin_capture]': `${operation}-1`,
      'expand[0]': 'latest_charge.balance_transaction',
    },
  });
  assert.deepEqual(release({ ...order, kind: 'void' }).request, {
    method: 'POST',
    path: '/v1/payment_intents/pi_1/cancel',
    body: {},
  });
  assert.deepEqual(refund({ ...order, kind: 'refund', amount: 500n }).request, {
    method: 'POST',
    path: '/v1/refunds',
    body: {
      charge: 'ch_1',
      amount: '500',
      'metadata[florin_key]': `${operation}-1`,
      'metadata[florin_reference]': 'ch_1',
    },
  });
});

test('an authorisation is looked for among the intents of its time, everything else where it hangs', () => {
  const path = (asked: Order) => inquire(asked).request.path;
  const { authorizationRef: _, ...lost } = order;
  const made = Math.floor(0x0192f84f8ac1 / 1000);
  // Leaves for 150 s, is under way for 90 s, and the clocks differ by up to 10 s.
  assert.equal(path(lost), `/v1/payment_intents?created[gte]=${made - 10}&created[lte]=${made + 251}&limit=100`);
  const known = '/v1/payment_intents/pi_1?expand[0]=latest_charge.balance_transaction';
  assert.deepEqual(
    (['authorize', 'capture', 'void'] as const).map((kind) => path({ ...order, kind })),
    [known, known, known],
  );
  assert.equal(path({ ...order, kind: 'refund' }), '/v1/refunds?charge=ch_1&limit=100');
});

test('two currencies without decimals are counted in hundredths there, all others in their minor unit', () => {
  const units = (currency: Order['currency']) => authorize({ ...order, currency }).request.body?.amount;
  assert.deepEqual((['EUR', 'JPY', 'KWD', 'ISK', 'UGX'] as const).map(units), [
    '1250',
    '1250',
    '1250',
    '125000',
    '125000',
  ]);
});

test('the official client is only written with: it opens no connection', async (t) => {
  const connect = t.mock.method(Socket.prototype, 'connect');
  for (const ask of [authorize, capture, release, refund, inquire]) ask(order);
  await setTimeout(20);
  assert.equal(connect.mock.callCount(), 0);
});
