import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../contract.ts';
import { declineCodes } from '../decline-codes.ts';
import { stripe } from './stripe.ts';

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
  captureRef: 'ch_1',
};
const on: Order = { ...order, authorizationRef: 'pi_1' };
const provider = stripe('stripe');

const intent = {
  object: 'payment_intent',
  id: 'pi_1',
  status: 'requires_capture',
  amount: 1250,
  amount_capturable: 1250,
  amount_received: 0,
  currency: 'eur',
  metadata: { florin_key: `${operation}-1` },
  last_payment_error: null,
  latest_charge: 'ch_1',
  next_action: null,
};
const captured = { ...intent, status: 'succeeded', amount_capturable: 0, amount_received: 1250 };
const refund = {
  object: 'refund',
  id: 're_1',
  status: 'succeeded',
  amount: 1250,
  currency: 'eur',
  charge: 'ch_1',
  metadata: { florin_key: `${operation}-1` },
};
const list = (data: object[], has_more = false) => ({ object: 'list', data, has_more });

type Verb = 'authorize' | 'capture' | 'void' | 'refund';
const sent = (kind: Verb, body: unknown, status = 200) =>
  provider[kind]({ ...(kind === 'authorize' ? order : on), kind }).read({ status, body, milliseconds: 1 });
const found = (kind: Verb, body: unknown, status = 200) =>
  provider.inquire({ ...(kind === 'authorize' ? order : on), kind }).read({ status, body, milliseconds: 1 });

test('each status of an intent says what became of its authorisation, to the request as to an inquiry', () => {
  const next_action = { type: 'redirect_to_url', redirect_to_url: { url: 'https://bank.test/ask' } };
  const last_payment_error = { code: 'card_declined', decline_code: 'insufficient_funds', message: 'No.' };
  const never = { latest_charge: null, amount_capturable: 0 };
  const said: [change: object, kind: string][] = [
    [{}, 'accepted'],
    [{ ...captured, amount_received: 500 }, 'accepted'],
    [{ status: 'processing' }, 'pending'],
    [{ ...never, status: 'requires_action', next_action }, 'challenged'],
    [{ ...never, status: 'requires_action', next_action: { type: 'use_stripe_sdk' } }, 'pending'],
    [{ ...never, status: 'requires_action', next_action: { redirect_to_url: { url: 'javascript:0' } } }, 'pending'],
    [{ ...never, status: 'requires_payment_method', last_payment_error }, 'refused'],
    [{ ...never, status: 'requires_payment_method' }, 'unknown'],
    [{ ...never, status: 'requires_confirmation' }, 'unknown'],
    [{ status: 'canceled', amount_capturable: 0 }, 'accepted'],
    [{ ...never, status: 'canceled' }, 'refused'],
    [{ status: 'canceled', cancellation_reason: 'abandoned', amount_capturable: 0 }, 'refused'],
    [{ status: 'canceled', last_payment_error }, 'refused'],
    [{ status: 'of_tomorrow' }, 'unknown'],
    [{ amount_capturable: 1249 }, 'unknown'],
    [{ currency: 'usd' }, 'unknown'],
    [{ currency: 'xyz' }, 'unknown'],
    [{ id: '../pi' }, 'unknown'],
  ];
  for (const [change, kind] of said) {
    assert.equal(sent('authorize', { ...intent, ...change }).kind, kind, JSON.stringify(change));
    if ('id' in change) continue;
    assert.equal(found('authorize', list([{ ...intent, ...change }])).kind, kind, JSON.stringify(change));
  }
});

test('what was cancelled while its shopper was asked reads as every challenge that nobody answered', () => {
  const canceled = { ...intent, status: 'canceled', amount_capturable: 0 };
  for (const ended of [
    { ...canceled, latest_charge: null },
    { ...canceled, cancellation_reason: 'abandoned' },
  ]) {
    const outcome = found('authorize', list([ended]));
    assert.ok(outcome.kind === 'refused');
    assert.deepEqual([outcome.code, outcome.retryable], ['authentication_required', false]);
  }
});

test('a capture takes its fee along where it is in its own currency, and is only ours if it carries our mark', () => {
  const ours = { ...captured, metadata: { ...intent.metadata, florin_capture: `${operation}-1` } };
  const charge = (fee: object) => ({ ...ours, latest_charge: { id: 'ch_1', balance_transaction: fee } });
  const fee = (body: object) => {
    const outcome = sent('capture', body);
    assert.ok(outcome.kind === 'accepted');
    assert.equal(outcome.providerRef, 'ch_1');
    return outcome.fee;
  };
  assert.equal(fee(charge({ fee: 44, currency: 'eur' })), 44n);
  assert.equal(fee(charge({ fee: 480, currency: 'sek' })), undefined);
  assert.equal(fee(ours), undefined);
  assert.equal(found('capture', ours).kind, 'accepted');
  assert.equal(found('capture', intent).kind, 'absent');
  assert.equal(sent('capture', intent).kind, 'unknown', 'an answer to a capture that has captured nothing');
  for (const other of [captured, { ...captured, metadata: { florin_capture: 'other-1' } }]) {
    assert.equal(found('capture', other).kind, 'refused', 'somebody else captured it');
  }
  assert.equal(found('capture', { ...intent, status: 'canceled' }).kind, 'refused');
  assert.equal(found('capture', { ...ours, id: 'pi_2' }).kind, 'unknown');
  assert.equal(
    found('capture', { error: { type: 'invalid_request_error', code: 'resource_missing' } }, 404).kind,
    'unknown',
  );
});

test('a release is there when the intent is cancelled, and too late when it is captured', () => {
  const told = ['canceled', 'requires_capture', 'requires_action', 'succeeded', 'processing'];
  const kinds = told.map((status) => found('void', { ...intent, status }).kind);
  assert.deepEqual(kinds, ['accepted', 'absent', 'absent', 'refused', 'unknown']);
});

test('what was cancelled before is released, by whichever request; what was captured is not', () => {
  const error = (status: string) => ({
    error: {
      type: 'invalid_request_error',
      code: 'payment_intent_unexpected_state',
      payment_intent: { ...intent, status },
    },
  });
  assert.equal(sent('void', error('canceled'), 400).kind, 'accepted');
  assert.equal(sent('void', error('succeeded'), 400).kind, 'refused');
  assert.equal(sent('capture', error('canceled'), 400).kind, 'refused');
  const other = { ...error('canceled').error, payment_intent: { ...intent, id: 'pi_2', status: 'canceled' } };
  assert.equal(sent('void', { error: other }, 400).kind, 'unknown');
});

test('a refund is found by its mark, among those of its charge', () => {
  const told = ['succeeded', 'pending', 'requires_action', 'failed', 'canceled', 'of_tomorrow'];
  const kinds = told.map((status) => found('refund', list([{ ...refund, status }])).kind);
  assert.deepEqual(kinds, ['accepted', 'pending', 'pending', 'refused', 'refused', 'unknown']);
  const failed = sent('refund', { ...refund, status: 'failed', failure_reason: 'expired_or_canceled_card' });
  assert.deepEqual(failed.kind === 'refused' && [failed.code, failed.providerCode], [
    'expired_card',
    'expired_or_canceled_card',
  ]);
  assert.equal(sent('refund', { ...refund, charge: 'ch_2' }).kind, 'unknown');
  assert.equal(found('refund', list([{ ...refund, metadata: {} }, 7 as never])).kind, 'absent');
});

test('nothing of ours in a list is absent, unless more was to be listed than it holds', () => {
  const others = [
    { ...intent, id: 'pi_2', metadata: { florin_key: '0192f84f-8ac1-7000-8000-000000000002-1' } },
    { broken: 1 },
  ];
  assert.equal(found('authorize', list(others)).kind, 'absent');
  assert.equal(found('authorize', list(others, true)).kind, 'unknown');
  assert.equal(found('authorize', list([...others, intent], true)).kind, 'accepted');
  assert.equal(found('authorize', list(others), 500).kind, 'unknown');
});

test('a list goes on where nothing of ours was in it, for as many pages as are read', () => {
  const others = (page: number) => [
    { ...intent, id: `pi_${page}`, metadata: {} },
    { ...intent, id: `pi_last_${page}`, metadata: {} },
  ];
  const answer = (data: object[], has_more = true, status = 200) => ({
    status,
    body: list(data, has_more),
    milliseconds: 1,
  });
  let asking = provider.inquire(order);
  let pages = 1;
  for (let next = asking.onward?.(answer(others(1))); next; next = asking.onward?.(answer(others(pages)))) {
    assert.equal(next.request.path, `${provider.inquire(order).request.path}&starting_after=pi_last_${pages}`);
    asking = next;
    pages += 1;
  }
  assert.equal(pages, 20);
  assert.equal(asking.read(answer(others(20))).kind, 'unknown', 'there is more, and nobody looked');

  const first = provider.inquire(order);
  assert.equal(first.onward?.(answer(others(1), false)), undefined, 'the list ends');
  assert.equal(first.onward?.(answer([...others(1), intent])), undefined, 'ours is there');
  const differs = { ...intent, amount_capturable: 1 };
  assert.equal(
    first.onward?.(answer([differs, ...others(1)])),
    undefined,
    'ours is there, and says what was not asked',
  );
  assert.equal(first.onward?.(answer(others(1), true, 500)), undefined);
  assert.equal(first.onward?.(answer([{ broken: 1 }])), undefined);
});

test('a card’s “no” and a request that cannot be fulfilled are refusals; every other error says nothing of the money', () => {
  const card = (code: string, decline_code?: string) => ({
    error: { type: 'card_error', code, decline_code, message: 'No.' },
  });
  const said: [body: object, status: number, code: string][] = [
    [card('card_declined', 'insufficient_funds'), 402, 'insufficient_funds'],
    [card('card_declined', 'a_word_of_tomorrow'), 402, 'generic_decline'],
    [card('card_declined'), 402, 'generic_decline'],
    [card('expired_card', 'expired_card'), 402, 'expired_card'],
    [card('incorrect_cvc'), 402, 'incorrect_cvc'],
    [card('authentication_required'), 402, 'authentication_required'],
    [card('processing_error'), 402, 'processing_error'],
    [card('card_declined', 'live_mode_test_card'), 402, 'testmode_decline'],
    [
      { error: { type: 'invalid_request_error', code: 'payment_intent_unexpected_state' } },
      400,
      'transaction_not_allowed',
    ],
    [{ error: { type: 'invalid_request_error', code: 'amount_too_small' } }, 400, 'invalid_amount'],
    [{ error: { type: 'invalid_request_error', message: 'Received unknown parameter' } }, 400, 'processing_error'],
  ];
  for (const [body, status, code] of said) {
    const outcome = sent('authorize', body, status);
    assert.ok(outcome.kind === 'refused', JSON.stringify(outcome));
    assert.equal(outcome.code, code);
    assert.ok((declineCodes as readonly string[]).includes(code));
    assert.equal(outcome.retryable, code === 'processing_error');
  }
  const silent: [type: string, status: number, code?: string][] = [
    ['idempotency_error', 400],
    ['idempotency_error', 409, 'idempotency_key_in_use'],
    ['invalid_request_error', 400, 'rate_limit'],
    ['invalid_request_error', 404, 'resource_missing'],
    ['invalid_request_error', 409, 'lock_timeout'],
    ['api_error', 402],
    ['api_error', 500],
    ['api_error', 503],
  ];
  for (const [type, status, code] of silent) {
    assert.equal(sent('capture', { error: { type, code } }, status).kind, 'unknown', `${type} ${status}`);
  }
});

test('the timeline keeps listed fields alone: no client secret, no address of a challenge', () => {
  const next_action = { redirect_to_url: { url: 'https://bank.test/secret' } };
  const outcome = sent('authorize', {
    ...intent,
    status: 'requires_action',
    next_action,
    client_secret: 'pi_1_secret_x',
  });
  assert.doesNotMatch(JSON.stringify(outcome.exchange), /secret/);
  const answer = outcome.exchange.answer as Record<string, unknown>;
  assert.deepEqual([answer.id, answer.status, answer.amount], ['pi_1', 'requires_action', 1250]);
});
