import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { Secret } from '#server/kernel/secret.ts';
import { startAcquirer } from './testing/acquirer.ts';
import { type GivenVault, givenParcel, givenScope, givenToken, givenVault, visa } from './testing/given.ts';

let vault: GivenVault;
let stripe: Awaited<ReturnType<typeof startAcquirer>>;

before(async () => {
  stripe = await startAcquirer();
  vault = await givenVault({
    providers: { stripe: { kind: 'stripe', url: stripe.url, key: new Secret('sk_test_1') } },
  });
});

afterEach(() => {
  stripe.heard.length = 0;
});

after(async () => {
  await vault.stop();
  await stripe.stop();
});

const card = {
  'payment_method_data[type]': 'card',
  'payment_method_data[card][number]': '{{card.number}}',
  'payment_method_data[card][exp_month]': '{{card.exp_month}}',
  'payment_method_data[card][exp_year]': '{{card.exp_year}}',
  'payment_method_data[card][cvc]': '{{card.cvc}}',
};

interface Changes {
  amount?: string;
  currency?: string;
  body?: object;
  more?: boolean;
}

async function given({ amount = '1250', currency = 'EUR', body = {}, ...changes }: Changes = {}) {
  const scope = { ...givenScope(), maxAmount: '1250', currency };
  const charge = { amount, currency: currency.toLowerCase() };
  const request = { provider: 'stripe', path: '/v1/payment_intents', body: { ...charge, ...card, ...body } };
  return givenParcel(scope, await givenToken(vault, scope), { ...request, ...changes });
}

const outcome = async (parcel: object) => {
  const { body } = await vault.ask('/egress', parcel);
  return body.kind === 'not_sent' ? body.code : body.status;
};
const ofStripe = (body: object, status = 200) => stripe.saysJson(status, body);

test('a form is filled in field by field, and carries the credential, the key and the pinned version', async () => {
  ofStripe({ object: 'payment_intent', status: 'requires_action' });
  const parcel = await given({ body: { 'metadata[note]': 'a&b=c [d] ü', confirm: true } });
  assert.equal(await outcome(parcel), 200);
  const [heard] = stripe.heard;
  assert.equal(heard?.headers['content-type'], 'application/x-www-form-urlencoded');
  assert.equal(heard?.headers.authorization, 'Bearer sk_test_1');
  assert.equal(heard?.headers['stripe-version'], '2026-10-28.endive');
  assert.equal(heard?.headers['idempotency-key'], `${parcel.operation}-1`);
  assert.deepEqual(Object.fromEntries(new URLSearchParams(heard?.text)), {
    amount: '1250',
    currency: 'eur',
    'payment_method_data[type]': 'card',
    'payment_method_data[card][number]': visa.number,
    'payment_method_data[card][exp_month]': String(visa.exp_month),
    'payment_method_data[card][exp_year]': String(visa.exp_year),
    'payment_method_data[card][cvc]': visa.cvc,
    'metadata[note]': 'a&b=c [d] ü',
    confirm: 'true',
  });
});

test('card data stands in the fields of a form that are made for it, and in no others', async () => {
  for (const body of [
    { 'metadata[number]': '{{card.number}}' },
    { description: '{{card.number}}' },
    { 'payment_method_data[card][cvc]': '{{card.number}}' },
    { 'payment_method_data[billing_details][name]': 'x{{card.number}}' },
    { '{{card.number}}': 'x' },
  ]) {
    assert.equal(await outcome(await given({ body })), 'placeholder_refused', JSON.stringify(body));
  }
  const nested = { payment_method_data: { type: 'card', card: { number: '{{card.number}}' } } };
  assert.equal(await outcome(await given({ body: nested })), 'not_allow_listed', 'a form has no branches');
  assert.equal(await outcome(await given({ body: { description: null } })), 'not_allow_listed');
  assert.equal(stripe.heard.length, 0);
});

test('a form asks for the amount and currency that the token is checked for', async () => {
  ofStripe({ object: 'payment_intent', status: 'requires_action' });
  assert.equal(await outcome(await given({ amount: '9999' })), 'token_unusable');
  assert.equal(await outcome(await given({ body: { currency: 'usd' } })), 'token_unusable');
  // Two currencies without decimals are counted in hundredths there.
  assert.equal(await outcome(await given({ currency: 'ISK', amount: '125000' })), 200);
  assert.equal(await outcome(await given({ currency: 'ISK', amount: '1250' })), 'token_unusable');
  assert.equal(await outcome(await given({ currency: 'JPY', amount: '1250' })), 200);
});

test('the code stays while somebody may need it, and an approval ends it', async () => {
  const parcel = await given({ more: true });
  ofStripe({ object: 'payment_intent', status: 'requires_action' });
  assert.equal(await outcome(parcel), 200);
  ofStripe({ error: { type: 'api_error' } }, 500);
  assert.equal(await outcome({ ...parcel, send: 2, more: false }), 500);
  ofStripe({ error: { type: 'card_error', code: 'card_declined', decline_code: 'try_again_later' } }, 402);
  assert.equal(await outcome({ ...parcel, send: 3 }), 402);
  ofStripe({ error: { type: 'invalid_request_error', code: 'parameter_unknown' } }, 400);
  assert.equal(await outcome({ ...parcel, send: 4 }), 400);
  ofStripe({ object: 'payment_intent', status: 'requires_capture' });
  assert.equal(await outcome({ ...parcel, send: 5 }), 200);
  assert.equal(await outcome({ ...parcel, send: 6 }), 'verification_code_gone');
});

test('a decline for good ends the code, whoever could be asked next; trouble does where nobody could', async () => {
  const error = (code: string, decline_code?: string) => ({ error: { type: 'card_error', code, decline_code } });
  const failed = { object: 'payment_intent', status: 'requires_payment_method' };
  for (const [said, status, more] of [
    [error('card_declined', 'insufficient_funds'), 402, true],
    [error('card_declined'), 402, true],
    [error('expired_card'), 402, true],
    [{ ...failed, last_payment_error: { code: 'card_declined', decline_code: 'lost_card' } }, 200, true],
    [{ error: { type: 'invalid_request_error', code: 'amount_too_small' } }, 400, true],
    [error('processing_error'), 402, false],
    [{ error: { type: 'invalid_request_error' } }, 400, false],
    [{ object: 'payment_intent', status: 'requires_action' }, 200, false],
  ] as const) {
    const parcel = await given({ more });
    ofStripe(said, status);
    assert.equal(await outcome(parcel), status);
    assert.equal(await outcome({ ...parcel, send: 2 }), 'verification_code_gone', JSON.stringify(said));
  }
});

test('of all that the provider offers, only what the connector asks leaves', async () => {
  ofStripe({});
  const bare = { ...(await given()), token: undefined, body: {} };
  const post = (path: string) => outcome({ ...bare, operation: randomUUID(), path });
  const get = (path: string) => outcome({ ...bare, method: 'GET', body: undefined, path });
  for (const path of ['pi_1/capture', 'pi_1/cancel']) assert.equal(await post(`/v1/payment_intents/${path}`), 200);
  assert.equal(await post('/v1/refunds'), 200);
  for (const path of [
    '/v1/payment_intents/pi_1',
    '/v1/payment_intents/pi_1?expand[0]=latest_charge.balance_transaction',
    '/v1/payment_intents?created[gte]=1&created[lte]=2&limit=100',
    '/v1/refunds?charge=ch_1&limit=100',
  ]) {
    assert.equal(await get(path), 200, path);
  }
  const asked = stripe.heard.length;
  for (const path of ['/v1/payouts', '/v1/payment_intents/pi_1/confirm', '/v1/payment_intents/../payouts']) {
    assert.equal(await post(path), 'not_allow_listed', path);
  }
  for (const path of [
    '/v1/customers?limit=100',
    '/v1/payment_intents',
    '/v1/payment_intents/pi_1?expand[0]=customer',
  ]) {
    assert.equal(await get(path), 'not_allow_listed', path);
  }
  assert.equal(stripe.heard.length, asked);
});
