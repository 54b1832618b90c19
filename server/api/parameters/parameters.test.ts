import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Failure } from '../errors.ts';
import { parseForm } from '../form.ts';
import * as sessions from './checkout-sessions.ts';
import * as intents from './payment-intents.ts';
import { type Parameters, pageParameters, readParameters } from './read.ts';
import * as refunds from './refunds.ts';

const read = <T>(parameters: Parameters<T>, text: string) => readParameters(parameters, parseForm(text));

/** What the caller hears: code, param and message. */
function no(parameters: Parameters<unknown>, text: string): [string | undefined, string | undefined, string] {
  try {
    read(parameters, text);
  } catch (error) {
    assert(error instanceof Failure && error.status === 400 && error.error.type === 'invalid_request_error');
    return [error.error.code, error.error.param, error.error.message];
  }
  return assert.fail(`${text} was accepted`);
}

const intent = 'amount=1250&currency=eur';

test('reads amounts as minor units, currencies in either case, and flags as words', () => {
  const sent = read(intents.createParameters, 'amount=1250&currency=EuR&confirm=true&payment_method=pm_card_visa');
  assert.deepEqual([sent.amount, sent.currency, sent.confirm], [1250n, 'EUR', true]);
});

test('guesses nothing: 1 is no flag, 1.5 and 1e3 are no integers', () => {
  assert.deepEqual(no(intents.createParameters, `${intent}&confirm=1`).slice(0, 2), [undefined, 'confirm']);
  for (const amount of ['abc', '1.5', '1e3', '0x10', '+5', ' 5', '१']) {
    const text = `amount=${encodeURIComponent(amount)}&currency=eur`;
    assert.deepEqual(no(intents.createParameters, text), [
      'parameter_invalid_integer',
      'amount',
      `Invalid integer: ${amount}`,
    ]);
  }
});

test('names what is missing, empty, too small and too large', () => {
  assert.deepEqual(no(intents.createParameters, 'amount=5'), [
    'parameter_missing',
    'currency',
    'Missing required param: currency.',
  ]);
  assert.equal(no(intents.createParameters, 'amount=&currency=eur')[0], 'parameter_invalid_empty');
  assert.equal(no(intents.createParameters, 'amount=0&currency=eur')[0], 'parameter_invalid_integer');
  assert.equal(no(intents.createParameters, 'amount=-5&currency=eur')[0], 'parameter_invalid_integer');
  assert.equal(no(intents.createParameters, 'amount=100000000&currency=eur')[0], 'amount_too_large');
  assert.match(no(intents.createParameters, 'amount=5&currency=zzz')[2], /^Invalid currency: zzz/);
});

test('refuses an unknown parameter by name, before anything else that is wrong', () => {
  assert.deepEqual(no(intents.createParameters, 'amount=abc&wat=1'), [
    'parameter_unknown',
    'wat',
    'Received unknown parameter: wat',
  ]);
  assert.equal(no(intents.createParameters, `${intent}&payment_details[nope]=1`)[1], 'payment_details[nope]');
});

test('refuses what other platforms have and Florin has not, with the reason', () => {
  assert.deepEqual(no(intents.createParameters, `${intent}&customer=cus_1`), [
    'parameter_unknown',
    'customer',
    'Florin does not take the parameter customer: it keeps no customers.',
  ]);
  assert.match(
    no(intents.confirmParameters, 'payment_method=pm_1&return_url=https%3A%2F%2Fa.test')[2],
    /sends no shopper/,
  );
  assert.match(no(intents.createParameters, `${intent}&off_session=true`)[2], /keeps no card/);
  assert.match(no(sessions.createParameters, 'line_items[0][price]=price_1')[2], /no catalogue/);
});

test('takes what clients send out of habit and what asks for nothing', () => {
  const habits =
    'automatic_payment_methods[enabled]=true&payment_method_types[]=card&confirmation_method=automatic&off_session=false';
  read(intents.createParameters, `${intent}&${habits}`);
  assert.match(no(intents.createParameters, `${intent}&payment_method_types[]=sepa_debit`)[2], /cards alone/);
});

test('an empty text unsets what is optional', () => {
  const sent = read(intents.createParameters, `${intent}&description=&receipt_email=&metadata=`);
  assert.deepEqual([sent.description, sent.receipt_email, sent.metadata], [undefined, undefined, {}]);
});

test('metadata: 50 keys of 40 characters with values of 500, no brackets, no hashes', () => {
  const sent = read(intents.createParameters, `${intent}&metadata[order]=6735&metadata[gone]=`);
  assert.deepEqual(sent.metadata, { order: '6735' });
  const many = Array.from({ length: 51 }, (_, i) => `metadata[k${i}]=v`).join('&');
  assert.match(no(intents.createParameters, `${intent}&${many}`)[2], /50 keys/);
  assert.match(no(intents.createParameters, `${intent}&metadata[${'k'.repeat(41)}]=v`)[2], /40 characters/);
  assert.deepEqual(no(intents.createParameters, `${intent}&metadata[a]=${'v'.repeat(501)}`).slice(1), [
    'metadata[a]',
    'Metadata values can have up to 500 characters',
  ]);
  assert.equal(no(intents.createParameters, `${intent}&metadata[a][b]=v`)[1], 'metadata[a]');
  assert.equal(no(intents.createParameters, `${intent}&metadata=text`)[2], 'Invalid hash');
});

test('a payment method goes with confirm=true, and confirm=true with a payment method', () => {
  assert.deepEqual(no(intents.createParameters, `${intent}&confirm=true`).slice(0, 2), [
    'parameter_missing',
    'payment_method',
  ]);
  assert.match(no(intents.createParameters, `${intent}&payment_method=pm_card_visa`)[2], /confirm=true/);
});

test('a capture of nothing is refused, and so is one that would leave the rest open', () => {
  assert.equal(no(intents.captureParameters, 'amount_to_capture=0')[0], 'parameter_invalid_integer');
  assert.equal(no(intents.captureParameters, 'final_capture=false')[1], 'final_capture');
  assert.deepEqual(read(intents.captureParameters, '').amount_to_capture, undefined);
});

test('a refund names its charge or its payment intent, never both', () => {
  assert.match(no(refunds.createParameters, 'amount=5')[2], /payment_intent or charge/);
  assert.equal(no(refunds.createParameters, 'charge=ch_1&payment_intent=pi_1')[0], 'parameters_exclusive');
  assert.equal(no(refunds.createParameters, 'charge=ch_1&reason=because')[1], 'reason');
});

const item = (index: number, currency: string) =>
  `line_items[${index}][price_data][currency]=${currency}&line_items[${index}][price_data][unit_amount]=500&line_items[${index}][price_data][product_data][name]=Mug&line_items[${index}][quantity]=2`;
const ends = 'mode=payment&success_url=https%3A%2F%2Fshop.test%2Fdone';

test('reads line items in the order of their indexes', () => {
  const text = `${ends}&${item(1, 'eur')}&${item(0, 'eur').replace('Mug', 'Tea')}`;
  const names = read(sessions.createParameters, text).line_items.map(({ price_data }) => price_data.product_data.name);
  assert.deepEqual(names, ['Tea', 'Mug']);
});

test('a session has one currency, a mode that Florin has, and addresses that are addresses', () => {
  assert.equal(
    no(sessions.createParameters, `${ends}&${item(0, 'eur')}&${item(1, 'usd')}`)[1],
    'line_items[1][price_data][currency]',
  );
  assert.equal(
    no(sessions.createParameters, `mode=subscription&success_url=https%3A%2F%2Fa.test&${item(0, 'eur')}`)[1],
    'mode',
  );
  const bad = 'mode=payment&success_url=javascript%3Aalert(1)';
  assert.deepEqual(no(sessions.createParameters, `${bad}&${item(0, 'eur')}`).slice(0, 2), [
    'url_invalid',
    'success_url',
  ]);
  assert.equal(no(sessions.createParameters, ends)[1], 'line_items');
});

test('a page has from 1 to 100 elements and one cursor', () => {
  assert.equal(no(pageParameters, 'limit=0')[1], 'limit');
  assert.equal(no(pageParameters, 'limit=abc')[0], 'parameter_invalid_integer');
  assert.match(no(pageParameters, 'starting_after=a&ending_before=b')[2], /only one/);
  assert.equal(read(pageParameters, 'limit=100').limit, 100);
});
