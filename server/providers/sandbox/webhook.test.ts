import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import { Secret } from '#server/kernel/secret.ts';
import type { RawWebhook } from '../contract.ts';
import { readWebhook } from './webhook.ts';

const bytes = Buffer.alloc(32, 7);
const secret = new Secret(`whsec_${bytes.toString('base64')}`);
const now = new Date('2026-11-21T12:00:00Z');
const seconds = String(now.getTime() / 1000);

const event = (type: string, data: object) => ({ id: 'evt_1', type, created: '2026-11-21T12:00:00.000Z', data });
const decided = {
  key: '0192f0c1-0000-7000-8000-000000000001-1',
  id: 'cap_1',
  kind: 'capture',
  status: 'approved',
  amount: 1250,
  currency: 'EUR',
  authorization_id: 'auth_1',
  fee: 42,
};
const taken = { id: 'cb_1', capture_id: 'cap_1', amount: 1250, currency: 'EUR' };

/** Signed as Standard Webhooks says, written out: not by the code under test. */
function webhook(body: object | string, { id = 'evt_1', timestamp = seconds, key = bytes } = {}): RawWebhook {
  const raw = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(raw).digest('base64');
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
  return { headers, body: raw };
}

const read = (raw: RawWebhook, secrets = [secret]) => readWebhook(raw, { secrets, now });
const fault = (raw: RawWebhook, secrets?: Secret<string>[]) => {
  const told = read(raw, secrets);
  return told.kind === 'rejected' ? told.fault : told.kind;
};

test('a decision, a chargeback and a refund from the console are read with their money; a ping says nothing', () => {
  const exchange = { milliseconds: 0, answer: decided };
  const money = { amount: 1250n, currency: 'EUR' };
  const outcome = { kind: 'accepted', providerRef: 'cap_1', ...money, fee: 42n, exchange };
  const says: [type: string, data: object, say: unknown][] = [
    ['operation.decided', decided, { about: 'operation', key: decided.key, kind: 'capture', outcome }],
    [
      'chargeback.opened',
      taken,
      { about: 'chargeback', chargebackRef: 'cb_1', captureRef: 'cap_1', ...money, exchange: withAnswer(taken) },
    ],
    [
      'refund.made_in_console',
      taken,
      { about: 'foreign_refund', refundRef: 'cb_1', captureRef: 'cap_1', ...money, exchange: withAnswer(taken) },
    ],
    ['ping', {}, undefined],
  ];
  for (const [type, data, say] of says) {
    const told = read(webhook(event(type, data)));
    assert.ok(told.kind === 'verified', type);
    assert.deepEqual([told.eventId, told.signedAt, plain(told.say)], ['evt_1', now, plain(say)]);
  }
});

const withAnswer = (answer: object) => ({ milliseconds: 0, answer });
/** Without fields that are undefined. */
function plain(value: unknown): unknown {
  const text = JSON.stringify(value, (_, field) => (typeof field === 'bigint' ? `${field}n` : field));
  return text && JSON.parse(text);
}

test('what is signed well and is not to the last field what we know is malformed', () => {
  const bodies: (object | string)[] = [
    '',
    '{',
    'null',
    '[]',
    event('refund.undone', taken),
    event('chargeback.opened', { ...taken, amount: '1250' }),
    event('chargeback.opened', { ...taken, amount: -1 }),
    event('chargeback.opened', { ...taken, amount: 0 }),
    event('chargeback.opened', { ...taken, currency: 'EUX' }),
    event('chargeback.opened', { ...taken, more: 1 }),
    event('operation.decided', { ...decided, key: undefined }),
    event('operation.decided', { ...decided, key: '../voids' }),
    event('operation.decided', { ...decided, kind: 'tombstone' }),
    event('operation.decided', { ...decided, status: 'challenged' }),
    event('operation.decided', { ...decided, amount: 1e21 }),
    { ...event('ping', {}), id: 'evt_2' },
    { ...event('ping', {}), more: 1 },
  ];
  for (const body of bodies) assert.equal(fault(webhook(body)), 'malformed', JSON.stringify(body));
  for (const timestamp of ['now', '-1', `${seconds}.0`, ` ${seconds}`, `${seconds}000000`]) {
    assert.equal(fault(webhook(event('ping', {}), { timestamp })), 'malformed', timestamp);
  }
});

test('a body that is no UTF-8 is malformed, not mended', () => {
  const raw = webhook(event('ping', {}));
  const body = Buffer.from('{"id":"evt_1\xff"}', 'latin1');
  const signature = createHmac('sha256', bytes).update(`evt_1.${seconds}.`).update(body).digest('base64');
  assert.equal(fault({ headers: { ...raw.headers, 'webhook-signature': `v1,${signature}` }, body }), 'malformed');
});

test('one right signature among several is enough; of many, of another scheme, or in other words, none is', () => {
  const raw = webhook(event('ping', {}));
  const right = raw.headers['webhook-signature'] ?? '';
  const wrong = `v1,${Buffer.alloc(32).toString('base64')}`;
  const signed = (header: string) => fault({ ...raw, headers: { ...raw.headers, 'webhook-signature': header } });
  assert.equal(signed(`${wrong} ${right}`), 'verified');
  for (const header of [
    wrong,
    right.replace('v1,', 'v2,'),
    right.slice(3),
    right.slice(0, -4),
    'v1,',
    `${`${wrong} `.repeat(100)}${right}`,
  ]) {
    assert.equal(signed(header), 'signature_wrong', header.slice(0, 60));
  }
});

test('a secret that everybody could guess signs nothing', () => {
  for (const text of ['', 'whsec_', 'whsec_AAAA', '!!!']) {
    const key = Buffer.from(text.replace('whsec_', ''), 'base64');
    assert.equal(fault(webhook(event('ping', {}), { key }), [new Secret(text)]), 'signature_wrong');
  }
  assert.equal(fault(webhook(event('ping', {})), [new Secret('whsec_'), secret]), 'verified');
});

test('a decline comes in our words', () => {
  const declined = {
    ...decided,
    kind: 'authorization',
    status: 'declined',
    code: 'N1A',
    message: 'no',
    fee: undefined,
  };
  const told = read(webhook(event('operation.decided', declined)));
  assert.ok(told.kind === 'verified' && told.say?.about === 'operation' && told.say.outcome.kind === 'refused');
  assert.deepEqual([told.say.kind, told.say.outcome.code], ['authorize', 'authentication_required']);
});
