import assert from 'node:assert/strict';
import { test } from 'node:test';
import Stripe from 'stripe';
import { Secret } from '#server/kernel/secret.ts';
import { stripe } from './stripe.ts';

const key = '0192f84f-8ac1-7000-8000-000000000001-1';
const secret = 'whsec_of_this_test';
const now = new Date('2026-01-01T00:00:00Z');
const intent = {
  object: 'payment_intent',
  id: 'pi_1',
  status: 'requires_capture',
  amount: 1250,
  amount_capturable: 1250,
  amount_received: 0,
  currency: 'eur',
  metadata: { florin_key: key },
  latest_charge: 'ch_1',
};
const refund = {
  object: 'refund',
  id: 're_1',
  status: 'succeeded',
  amount: 300,
  currency: 'eur',
  charge: 'ch_1',
  metadata: {},
};
const dispute = {
  object: 'dispute',
  id: 'dp_1',
  status: 'needs_response',
  amount: 1250,
  currency: 'eur',
  charge: 'ch_1',
};

interface Sending {
  request?: object | null;
  header?: (signed: string) => string;
}

function read(type: string, object: object, { request = null, header = (signed) => signed }: Sending = {}) {
  const body = JSON.stringify({ id: 'evt_1', object: 'event', type, data: { object }, request });
  const timestamp = now.getTime() / 1000;
  const signed = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp });
  const webhook = { headers: { 'stripe-signature': header(signed) }, body: Buffer.from(body) };
  return stripe('stripe').readWebhook(webhook, { secrets: [new Secret(secret)], now });
}

/** What it says, in a line. */
function said(...[type, object, sending]: Parameters<typeof read>): string | undefined {
  const told = read(type, object, sending);
  assert.ok(told.kind === 'verified');
  const { say } = told;
  if (say?.about === 'operation') return `${say.kind} ${say.outcome.kind} ${say.key === key ? 'ours' : say.key}`;
  return say && `${say.about} ${say.captureRef} ${say.amount} ${say.currency}`;
}

test('what happens to an intent is told of the operation that it happened by', () => {
  const done = { ...intent, status: 'succeeded', amount_capturable: 0, amount_received: 1250 };
  const cancelled = { ...intent, status: 'canceled', amount_capturable: 0 };
  const never = { ...cancelled, latest_charge: null };
  const request = { id: 'req_1', idempotency_key: key };
  const error = { ...intent, status: 'requires_payment_method', last_payment_error: { code: 'card_declined' } };
  const asked = {
    ...intent,
    status: 'requires_action',
    next_action: { redirect_to_url: { url: 'https://bank.test' } },
  };
  assert.equal(said('payment_intent.amount_capturable_updated', intent), 'authorize accepted ours');
  assert.equal(said('payment_intent.payment_failed', error), 'authorize refused ours');
  assert.equal(said('payment_intent.requires_action', asked), 'authorize challenged ours');
  assert.equal(said('payment_intent.processing', { ...intent, status: 'processing' }), 'authorize pending ours');
  assert.equal(
    said('payment_intent.succeeded', { ...done, metadata: { florin_capture: key } }),
    'capture accepted ours',
  );
  assert.equal(said('payment_intent.canceled', cancelled, { request }), 'void accepted ours');
  assert.equal(said('payment_intent.canceled', never), 'authorize refused ours');
});

test('our own cancel is told by its answer alone: its event says nothing, whether or not a yes came before it', () => {
  const cancelled = { ...intent, status: 'canceled', amount_capturable: 0, cancellation_reason: 'abandoned' };
  const request = { id: 'req_1', idempotency_key: '0192f84f-8ac1-7000-8000-000000000009-1' };
  for (const latest_charge of ['ch_1', null]) {
    assert.equal(said('payment_intent.canceled', { ...cancelled, latest_charge }, { request }), undefined);
  }
  const elsewhere = { ...cancelled, latest_charge: null };
  assert.equal(said('payment_intent.canceled', elsewhere), 'authorize refused ours', 'cancelled in the dashboard');
});

test('what is not ours, or says nothing of money, says nothing', () => {
  assert.equal(said('payment_intent.amount_capturable_updated', { ...intent, metadata: {} }), undefined);
  assert.equal(said('payment_intent.succeeded', { ...intent, status: 'succeeded' }), undefined);
  assert.equal(
    said('payment_intent.canceled', { ...intent, status: 'canceled' }),
    undefined,
    'cancelled by nobody of ours',
  );
  assert.equal(said('payment_intent.created', intent), undefined);
  assert.equal(said('payment_intent.succeeded', { object: 'payment_intent' }), undefined);
  assert.equal(said('payout.paid', {}), undefined);
});

test('a refund is ours by its mark, foreign without one, and none where it gives back what was never taken', () => {
  const ours = { ...refund, metadata: { florin_key: key } };
  for (const type of ['refund.created', 'refund.updated', 'charge.refund.updated']) {
    assert.equal(said(type, ours), 'refund accepted ours');
    assert.equal(said(type, refund), 'foreign_refund ch_1 300 EUR');
  }
  assert.equal(said('refund.failed', { ...ours, status: 'failed' }), 'refund refused ours');
  assert.equal(said('refund.created', { ...refund, status: 'pending' }), undefined, 'not before it has moved');
  for (const reason of ['expired_uncaptured_charge', 'partial_capture']) {
    assert.equal(said('refund.created', { ...refund, reason }), undefined);
  }
});

test('a dispute takes money back; a warning of one does not', () => {
  assert.equal(said('charge.dispute.created', dispute), 'chargeback ch_1 1250 EUR');
  for (const status of ['warning_needs_response', 'prevented']) {
    assert.equal(said('charge.dispute.created', { ...dispute, status }), undefined);
  }
});

test('of two stamps, or two schemes, none is believed that was not signed', () => {
  const fault = (header: Sending['header']) => {
    const told = read('payment_intent.created', intent, { ...(header && { header }) });
    return told.kind === 'rejected' ? told.fault : told.kind;
  };
  assert.equal(
    fault((signed) => `${signed},v1=00,v0=11`),
    'verified',
    'while a secret changes there are two',
  );
  const later = Math.floor(now.getTime() / 1000) + 1;
  for (const header of [
    (signed: string) => `${signed},t=${later}`,
    (signed: string) => `t=${later},${signed}`,
    (signed: string) => signed.replace('v1=', 'v0='),
    (signed: string) => signed.replace(/t=\d+,/, ''),
    (signed: string) => signed.replace(/v1=.*/, 'v1='),
    () => 't=1,v1',
    () => ',,,',
  ]) {
    assert.equal(fault(header), 'signature_wrong', header('t=1,v1=ab'));
  }
  assert.equal(
    fault(() => ''),
    'signature_missing',
  );
});

test('what is signed and yet no event is malformed', () => {
  for (const body of ['', 'x', '{}', '{"id":"evt_1"}', '[]']) {
    const timestamp = now.getTime() / 1000;
    const signed = Stripe.webhooks.generateTestHeaderString({ payload: body, secret, timestamp });
    const webhook = { headers: { 'stripe-signature': signed }, body: Buffer.from(body) };
    const told = stripe('stripe').readWebhook(webhook, { secrets: [new Secret(secret)], now });
    assert.equal(told.kind === 'rejected' && told.fault, 'malformed', body);
  }
});
