import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withoutSecrets } from './secrets.ts';

const next = {
  type: 'redirect_to_url',
  redirect_to_url: { url: 'https://bank.test/x?{],"', return_url: 'https://shop.test' },
};

test('the values of secret fields are blanked, however deep and whatever they are; the rest stays byte for byte', () => {
  const event = (secret: unknown, action: unknown) =>
    `{ "id":"evt_1",\n"data": {"object":{"client_secret":${JSON.stringify(secret)},"amount":12345678901234567890,` +
    `"next_action": ${JSON.stringify(action, null, 2)}\n}}, "pending_webhooks" : 1.0 }`;
  const blank = event('[redacted]', '[redacted]');
  assert.deepEqual(JSON.parse(withoutSecrets(event('pi_1_secret_\\"2', next))), JSON.parse(blank));
  assert.deepEqual(JSON.parse(withoutSecrets(event({ a: [1, { b: 2 }] }, [next, next]))), JSON.parse(blank));
  assert.deepEqual(JSON.parse(withoutSecrets(event(17, 'https://bank.test'))), JSON.parse(blank));
  const without = event(null, null);
  assert.equal(withoutSecrets(without), without);
});

test('a secret is found spelt in escapes, in an address, and in JSON that breaks off', () => {
  assert.doesNotMatch(withoutSecrets('{"client\\u005fsecret":"hidden"}'), /hidden/);
  assert.doesNotMatch(withoutSecrets('{"url":"https://a.test/?client_secret=hidden&b=1"}'), /hidden/);
  assert.doesNotMatch(withoutSecrets('{"next_action":{"redirect_to_url":{"url":"https://hidden'), /hidden/);
});

test('the longest body takes no longer for being made of quotes and brackets', () => {
  const size = 256 * 1024;
  for (const piece of [
    '"',
    '\\"',
    '"\\',
    '[',
    '{"client_secret":',
    '"client_secret":',
    '" ',
    '" :',
    'client_secret=',
  ]) {
    const start = performance.now();
    withoutSecrets(piece.repeat(size / piece.length));
    assert.ok(performance.now() - start < 4_000, piece);
  }
});
