import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { keyOf, rememberKeys } from './authenticate.ts';

const caller = { kind: 'merchant_key', merchantId: 'm', keyId: 'k', mode: 'test' } as const;

/** Keys in a database of which the test sees the questions. */
function keys(...valid: string[]) {
  const known = new Set(valid);
  const asked: string[] = [];
  let now = 0;
  const ask = rememberKeys(
    async (text) => {
      asked.push(text);
      if (!known.has(text)) throw new Refusal('unauthenticated', 'no');
      return caller;
    },
    { ...systemClock, now: () => new Date(now) },
  );
  return {
    ask,
    asked,
    revoke: (text: string) => known.delete(text),
    wait: (milliseconds: number) => (now += milliseconds),
  };
}

test('a key is asked for once in three seconds, and a revoked one is refused after them', async () => {
  const { ask, asked, revoke, wait } = keys('sk_test_a');
  await ask('sk_test_a');
  revoke('sk_test_a');
  wait(2_999);
  assert.equal(await ask('sk_test_a'), caller);
  assert.equal(asked.length, 1);
  wait(1);
  await assert.rejects(ask('sk_test_a'), { code: 'unauthenticated' });
});

test('a key that was refused is asked for again each time: it may have been made since', async () => {
  const { ask, asked } = keys();
  await assert.rejects(ask('sk_test_b'));
  await assert.rejects(ask('sk_test_b'));
  assert.equal(asked.length, 2);
});

test('reads the key of a Bearer and of a Basic header, in any case, and of no other', () => {
  const basic = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
  assert.equal(keyOf('Bearer sk_test_a'), 'sk_test_a');
  assert.equal(keyOf('bearer   sk_test_a'), 'sk_test_a');
  assert.equal(keyOf(basic('sk_test_a:')), 'sk_test_a');
  assert.equal(keyOf(basic('sk_test_a')), 'sk_test_a');
  for (const header of [undefined, '', 'Bearer', 'sk_test_a', 'Digest sk_test_a', basic(':sk_test_a'), 'Basic %%%']) {
    assert.throws(() => keyOf(header), { status: 401 });
  }
});
