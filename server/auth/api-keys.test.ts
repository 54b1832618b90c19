import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Connections, openDatabase } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { systemClock as clock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom as random } from '#server/kernel/secret.ts';
import { addApiKey, callerOfKey, makeApiKey, revokeApiKey } from './api-keys.ts';
import { addMerchant, readMerchant } from './merchants.ts';

const ids = uuidv7({ now: clock.now, random });
const merchantId = ids();
let database: TestDatabase;
let owner: Connections;
let api: Connections;

before(async () => {
  database = await testDatabase();
  owner = openDatabase({ url: database.url('owner'), application: 'test' });
  api = openDatabase({ url: database.url('api'), application: 'test' });
  await addMerchant(owner.db, { clock }, { id: merchantId, name: 'Harbour Goods', currency: 'EUR' });
});

after(async () => {
  await Promise.all([owner?.close(), api?.close()]);
  await database?.drop();
});

async function givenKey() {
  const text = makeApiKey(random, 'test');
  await addApiKey(owner.db, { clock, ids }, { merchantId, text });
  return text;
}

test('a key names its merchant and mode, to the role of the api process', async () => {
  const text = await givenKey();
  assert.match(text, /^sk_test_[\w-]{32}$/, '192 bits in base64url');
  const caller = await callerOfKey(api.db, text);
  assert.deepEqual(caller, { kind: 'merchant_key', merchantId, keyId: caller.keyId, mode: 'test' });
});

test('the key itself is nowhere in the database', async () => {
  const text = await givenKey();
  const rows = await owner.sql`SELECT k::text AS row FROM api_keys k`;
  assert.ok(rows.length > 0);
  assert.equal(
    rows.some(({ row }) => row.includes(text) || row.includes(text.slice(8))),
    false,
  );
});

test('a key that was added before stays one key', async () => {
  const text = await givenKey();
  const { keyId } = await callerOfKey(api.db, text);
  await addApiKey(owner.db, { clock, ids }, { merchantId, text });
  assert.equal((await callerOfKey(api.db, text)).keyId, keyId);
});

test('a revoked, an unknown and a malformed key are refused in the same words, which never hold the key', async () => {
  const revoked = await givenKey();
  const { keyId } = await callerOfKey(api.db, revoked);
  await revokeApiKey(owner.db, { clock }, { merchantId: ids(), keyId });
  assert.equal((await callerOfKey(api.db, revoked)).keyId, keyId, 'a stranger revokes nothing');
  await revokeApiKey(owner.db, { clock }, { merchantId, keyId });
  const unknown = makeApiKey(random, 'test');
  for (const text of [revoked, unknown]) {
    const message = `Invalid API Key provided: sk_test_****${text.slice(-4)}`;
    await assert.rejects(callerOfKey(api.db, text), { code: 'unauthenticated', status: 401, message });
  }
  for (const text of ['', 'abcd', "' OR 1=1 --", `${unknown}\0`, 'sk_test_', `sk_test_${'x'.repeat(100_000)}`]) {
    await assert.rejects(callerOfKey(api.db, text), {
      code: 'unauthenticated',
      message: /^Invalid API Key provided: \S{0,20}$/,
    });
  }
});

test('a merchant is read by its id, made once, and not found otherwise', async () => {
  await addMerchant(owner.db, { clock }, { id: merchantId, name: 'Another Name', currency: 'USD' });
  assert.deepEqual(await readMerchant(api.db, merchantId), { id: merchantId, name: 'Harbour Goods', currency: 'EUR' });
  await assert.rejects(readMerchant(api.db, ids()), { code: 'not_found' });
});
