import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadSettings, longSecret, requireHttps } from '#server/kernel/env.ts';
import { commonSettings, requireFitForMoney, type Told } from './settings.ts';

const told = (fields: Partial<Told>): Told =>
  ({
    FLORIN_WEB_URL: 'https://pay.example.com',
    FLORIN_VAULT_URL: 'https://vault.internal',
    FLORIN_PROVIDERS: [],
    ...fields,
  }) as unknown as Told;

test('live mode takes no plain http and no simulated acquirer', () => {
  requireFitForMoney(told({}));
  assert.throws(() => requireFitForMoney(told({ FLORIN_WEB_URL: 'http://pay.example.com' })), {
    name: 'BadSettings',
    message: 'FLORIN_WEB_URL is malformed: outside test mode it must begin with https://.',
  });
  const alder = commonSettings.FLORIN_PROVIDERS.read(
    '[{"name":"alder","kind":"sandbox","feeBasisPoints":1,"feeFixed":1}]',
  );
  assert.throws(() => requireFitForMoney(told({ FLORIN_PROVIDERS: alder })), /alder only simulates/);
});

test('each plain address is named, and a short secret is refused without being shown', () => {
  assert.throws(
    () => requireHttps(Object.entries({ A: 'http://a', B: 'https://b', C: 'http://c' })),
    (error: Error) => error instanceof BadSettings && error.message.split('\n').length === 2,
  );
  assert.throws(
    () => longSecret('hunter2'),
    (error: Error) => !error.message.includes('hunter2'),
  );
});
