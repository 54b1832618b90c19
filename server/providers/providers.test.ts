import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import type { Refusal } from '#server/kernel/refusal.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import type { Parcel, Sent, VaultClient } from '#server/vault-client/vault-client.ts';
import type { Order } from './contract.ts';
import { makeProviders } from './providers.ts';
import { readProviders } from './settings.ts';

const seams = { clock: systemClock, random: systemRandom, log: makeLog('test', { write: () => {} }) };
const order: Order = {
  operation: '0192f0c1-0000-7000-8000-000000000001',
  step: 2,
  kind: 'capture',
  payment: '0192f0c1-0000-7000-8000-000000000002',
  merchantId: '0192f0c1-0000-7000-8000-000000000003',
  intentId: '0192f0c1-0000-7000-8000-000000000004',
  amount: 1250n,
  currency: 'EUR',
  reference: 'ch_1',
  authorizationRef: 'auth_1',
};
const settings = readProviders('[{"name":"alder","kind":"sandbox","feeBasisPoints":140,"feeFixed":25}]');
const stored = { method: 'POST', path: '/authorizations/auth_1/captures', body: { amount: 1250 } };

/** The port over a vault that says this, and what the vault was handed. */
function over(answer: Sent) {
  const parcels: Parcel[] = [];
  const vault: Pick<VaultClient, 'send'> = {
    async send(parcel) {
      parcels.push(parcel);
      return answer;
    },
  };
  const providers = makeProviders({ ...seams, vault, settings });
  const sendBefore = new Date('2030-01-01T00:00:00Z');
  const send = (number = 1) =>
    providers.send('alder', order, { request: stored, send: number, sendBefore, token: 'pm_1' });
  return { parcels, providers, send };
}

test('a parcel carries the stored request, what it is for, and when it must not leave any more', async () => {
  const { parcels, send } = over({ kind: 'silent', why: 'timeout', milliseconds: 5 });
  await send(3);
  const { operation, step, payment, merchantId, intentId, currency } = order;
  const what = { operation, step, payment, merchantId, intentId, currency, amount: '1250', provider: 'alder' };
  assert.deepEqual(parcels, [{ ...what, ...stored, send: 3, sendBefore: '2030-01-01T00:00:00.000Z', token: 'pm_1' }]);
});

test('silence is unknown', async () => {
  const { send, providers } = over({ kind: 'silent', why: 'connection_lost', milliseconds: 5 });
  const expected = { kind: 'unknown', why: 'connection_lost', exchange: { milliseconds: 5 } };
  assert.deepEqual(await send(), expected);
  assert.deepEqual(await providers.inquire('alder', order), expected);
});

test('a first send that never left was not taken, which is nobody’s no', async () => {
  for (const code of ['provider_unreachable', 'too_late', 'unavailable'] as const) {
    const outcome = await over({ kind: 'not_sent', code, message: 'why' }).send();
    assert.deepEqual(outcome, { kind: 'not_taken', why: 'why', exchange: { milliseconds: 0 } });
  }
});

test('a token that cannot be used keeps its own code, and no other provider is tried with it', async () => {
  for (const code of ['token_unusable', 'verification_code_gone'] as const) {
    const outcome = await over({ kind: 'not_sent', code, message: 'why' }).send();
    assert.ok(outcome.kind === 'refused');
    assert.deepEqual([outcome.code, outcome.retryable], [code, false]);
  }
});

test('a later send that never left says nothing about those before it', async () => {
  const never: Sent[] = [
    { kind: 'not_sent', code: 'too_late', message: 'why' },
    { kind: 'not_sent', code: 'token_unusable', message: 'why' },
    { kind: 'answered', status: 401, body: {}, milliseconds: 1 },
  ];
  for (const answer of never) assert.equal((await over(answer).send(2)).kind, 'unknown');
});

test('a request turned away at the door was not taken on the first send, and tells nothing to an inquiry', async () => {
  for (const status of [401, 403, 429]) {
    const { send, providers } = over({ kind: 'answered', status, body: { error: {} }, milliseconds: 7 });
    const outcome = await send();
    assert.deepEqual([outcome.kind, outcome.exchange], ['not_taken', { status, milliseconds: 7 }]);
    assert.equal((await providers.inquire('alder', order)).kind, 'unknown');
  }
});

test('an inquiry that never left tells nothing', async () => {
  const { providers, parcels } = over({ kind: 'not_sent', code: 'provider_unreachable', message: 'why' });
  assert.equal((await providers.inquire('alder', order)).kind, 'unknown');
  assert.deepEqual([parcels[0]?.method, parcels[0]?.path], ['GET', `/operations/${order.operation}-2`]);
});

test('what a provider writes beside its decision is cut and cleaned of what PostgreSQL cannot hold', async () => {
  const decision = { id: 'cap_1', kind: 'capture', amount: 1250, currency: 'EUR', authorization_id: 'auth_1' };
  const words = { code: 'N\0 99\ud800', message: `no\0${'x'.repeat(497)}😀` };
  const body = { ...decision, status: 'declined', ...words, capture_id: 7 };
  const outcome = await over({ kind: 'answered', status: 402, body, milliseconds: 7 }).send();
  assert.ok(outcome.kind === 'refused');
  const message = `no${'x'.repeat(497)}\ufffd`;
  assert.deepEqual([outcome.providerCode, outcome.message], ['N 99\ufffd', message]);
  const answer = { ...decision, status: 'declined', code: 'N 99\ufffd', message };
  assert.deepEqual(outcome.exchange, { status: 402, milliseconds: 7, answer });
  const approved = { ...body, status: 'approved' };
  const found = over({ kind: 'answered', status: 200, body: approved, milliseconds: 7 });
  const told = await found.providers.inquire('alder', order);
  assert.ok(told.kind === 'accepted');
  assert.deepEqual(told.exchange.answer, { ...answer, status: 'approved' });
});

test('one provider’s silence stops its own new charges and nobody else’s; routing hears of it', async () => {
  const settingsOf = (name: string) => ({ name, kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25 });
  const left: string[] = [];
  const vault: Pick<VaultClient, 'send'> = {
    async send({ provider, path }) {
      left.push(`${provider} ${path}`);
      return { kind: 'silent', why: 'connection_lost', milliseconds: 1 };
    },
  };
  const told = readProviders(JSON.stringify([settingsOf('alder'), settingsOf('birch')]));
  const providers = makeProviders({ ...seams, vault, settings: told });
  const sendBefore = new Date('2030-01-01T00:00:00Z');
  const charge = (name: string, step: number, send: number) => {
    const asked: Order = { ...order, kind: 'authorize', step };
    return providers.send(name, asked, { request: providers.request(name, asked), send, sendBefore });
  };
  for (let n = 0; n < 5; n++) assert.equal((await charge('alder', 1, 1)).kind, 'unknown');
  assert.deepEqual(
    providers.health().map(({ name, charges }) => [name, charges]),
    [
      ['alder', 'open'],
      ['birch', 'closed'],
    ],
  );
  left.length = 0;
  const stopped = { kind: 'not_taken', why: 'New charges at alder are stopped.', exchange: { milliseconds: 0 } };
  assert.deepEqual(await charge('alder', 1, 1), stopped);
  // An earlier send of it may have been taken.
  assert.equal((await charge('alder', 1, 2)).kind, 'unknown');
  assert.deepEqual(left, []);
  await charge('alder', 2, 1);
  await charge('birch', 1, 1);
  await providers.send('alder', order, { request: stored, send: 1, sendBefore });
  assert.deepEqual(left, ['alder /authorizations', 'birch /authorizations', `alder ${stored.path}`]);
});

test('names are in the operator’s order, and a name that is not set up is refused', async () => {
  const both = [{ ...settings[0], name: 'birch' }, ...settings];
  const vault = { send: async () => assert.fail('nothing is sent') };
  const providers = makeProviders({ ...seams, vault, settings: readProviders(JSON.stringify(both)) });
  assert.deepEqual(providers.names(), ['birch', 'alder']);
  assert.throws(
    () => providers.capabilities('cedar'),
    (no: Refusal) => no.code === 'provider_unavailable',
  );
});

test('malformed settings are refused', () => {
  const [one] = settings;
  for (const text of [
    '',
    '{}',
    '[]',
    '[{"name":"alder"}]',
    JSON.stringify([one, one]),
    '[{"name":"Alder","kind":"x"}]',
  ]) {
    assert.throws(() => readProviders(text), /it must be a JSON array such as/);
  }
});
