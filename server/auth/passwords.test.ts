import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemRandom } from '#server/kernel/secret.ts';
import { hashPassword, isPassword, makePassword, nobodysHash } from './passwords.ts';

const costOf = (hash: string) => hash.split('$').slice(1, 4).join('$');

test('a password is kept as argon2id at the cost OWASP asks for, and the hash of nobody costs the same', async () => {
  const hash = await hashPassword('correct horse 1');
  assert.equal(costOf(hash), 'argon2id$v=19$m=19456,t=2,p=1');
  assert.equal(costOf(nobodysHash), costOf(hash));
  assert.equal(await isPassword(hash, 'correct horse 1'), true);
  assert.equal(await isPassword(hash, 'correct horse 2'), false);
});

test('a password below 12 characters, or without a letter or a digit, is refused', async () => {
  for (const weak of ['short 1', '123456789012', 'abcdefghijkl', `a1${'x'.repeat(255)}`]) {
    await assert.rejects(hashPassword(weak), { code: 'invalid_input', param: 'password' });
  }
  await hashPassword(`a1${'x'.repeat(254)}`);
});

test('one password typed in two Unicode forms is one password', async () => {
  const hash = await hashPassword('caf\u00e9 au lait 1');
  assert.equal(await isPassword(hash, 'cafe\u0301 au lait 1'), true);
});

test('no endless text is hashed, and an empty one is nobody', async () => {
  const hash = await hashPassword('correct horse 1');
  assert.equal(await isPassword(hash, 'x'.repeat(10_000_000)), false);
  assert.equal(await isPassword(hash, ''), false);
});

test('a made password is one that is taken: a draw without a digit or a letter is thrown away', async () => {
  const draws = [Buffer.alloc(16, 0), Buffer.alloc(16, 31), Buffer.from('0123456789abcdef')];
  const password = makePassword(() => draws.shift() ?? systemRandom(16));
  assert.equal(draws.length, 0, 'only letters, only digits, then both');
  assert.match(password, /^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  assert.equal(await isPassword(await hashPassword(password), password), true);
});
