import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { numberFault } from '../frame/card.ts';
import { makeKeyring } from './keyring.ts';
import { testNumbers } from './test-cards.ts';
import { makeVerificationCodes } from './verification-codes.ts';

const keyring = makeKeyring(new Secret(systemRandom(32)), systemRandom);
const record = { merchantId: 'm1', id: 'r1' };
const number = '4242424242424242';

test('what is sealed opens for its own record alone', () => {
  const sealed = keyring.seal(number, record);
  assert.equal(keyring.open(sealed, record), number);
  assert.throws(() => keyring.open(sealed, { ...record, merchantId: 'm2' }));
  assert.throws(() => keyring.open(sealed, { ...record, id: 'r2' }));
});

test('every changed bit is noticed', () => {
  const sealed = keyring.seal(number, record);
  for (let at = 0; at < sealed.length; at++) {
    const bent = Buffer.from(sealed);
    bent[at] = (bent[at] ?? 0) ^ 1;
    assert.throws(() => keyring.open(bent, record), `byte ${at}`);
  }
});

test('another master key opens nothing, and is told apart by its id', () => {
  const other = makeKeyring(new Secret(systemRandom(32)), systemRandom);
  const sealed = keyring.seal(number, record);
  assert.throws(() => other.open(sealed, record), /names the master key/);
  assert.notDeepEqual(other.hash(number, 'm1'), keyring.hash(number, 'm1'));
});

test('sealing twice gives nothing in common but version and key id', () => {
  const [first, second] = [keyring.seal(number, record), keyring.seal(number, record)];
  assert.deepEqual(first.subarray(0, 9), second.subarray(0, 9));
  assert.notDeepEqual(first.subarray(9, 49), second.subarray(9, 49), 'a data key of its own');
  assert.ok(!first.includes(number));
  assert.equal(first.length, 77 + number.length, 'the length that the database checks for');
});

test('every published test number has the form of a card number', () => {
  for (const published of testNumbers) assert.equal(numberFault(published), undefined, published);
});

test('a verification code lasts until its time and is then gone from memory', () => {
  let now = 0;
  const codes = makeVerificationCodes({ now: () => new Date(now) });
  codes.hold('a', '123', new Date(1000));
  codes.hold('b', '456', new Date(3000));
  assert.equal(codes.read('a'), '123');
  now = 1000;
  assert.equal(codes.read('a'), undefined);
  assert.equal(codes.count(), 2);
  codes.dropExpired();
  assert.equal(codes.count(), 1);
  codes.use('b', 'payment');
  codes.dropOf('payment');
  assert.equal(codes.count(), 0);
});
