import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openDatabase } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { addApiKey, makeApiKey } from '#server/auth/api-keys.ts';
import { addMerchant } from '#server/auth/merchants.ts';
import { systemClock as clock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom as random } from '#server/kernel/secret.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { startProcess } from '#server/observability/testing/process.ts';
import { ensureAuthority } from '#server/workload/authority.ts';
import type { PemFiles } from '#server/workload/identity.ts';
import type { Fate } from './testing/processes.ts';

// What kills the program of the tests leaves production's alone: it reads no fate, and has nobody at its failpoints.

let database: TestDatabase;
let folder: string;
let identity: PemFiles;
const key = makeApiKey(random, 'test');
before(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'florin-fate-'));
  identity = await (await ensureAuthority(folder)).issue('api');
  const ids = uuidv7({ now: clock.now, random });
  const merchantId = ids();
  const owner = openDatabase({ url: database.url('owner'), application: 'fate test' });
  await addMerchant(owner.db, { clock }, { id: merchantId, name: 'Harbour Goods', currency: 'EUR' });
  await addApiKey(owner.db, { clock, ids }, { merchantId, text: key });
  await owner.close();
});
after(() => Promise.all([database.drop(), rm(folder, { recursive: true, force: true })]));

async function start(entry: string, fate: Fate) {
  const port = await freePort();
  const child = await startProcess(entry, {
    ready: `http://127.0.0.1:${port}/ready`,
    env: {
      NODE_ENV: 'production',
      FLORIN_TEST_FATE: fate,
      FLORIN_MODE: 'test',
      FLORIN_API_PORT: String(port),
      FLORIN_DATABASE_URL: database.url('api'),
      FLORIN_VAULT_URL: 'https://127.0.0.1:1',
      FLORIN_PROVIDERS: JSON.stringify([{ name: 'alder', kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25 }]),
      FLORIN_WEB_URL: 'http://localhost:3000',
      FLORIN_WEBHOOKS: '{}',
      FLORIN_CART_SEAL_KEY: random(32).toString('base64'),
      FLORIN_TLS_CA: identity.ca,
      FLORIN_TLS_CERT: identity.cert,
      FLORIN_TLS_KEY: identity.key,
    },
  });
  const create = () =>
    fetch(`http://127.0.0.1:${port}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
      body: new URLSearchParams({ amount: '1250', currency: 'eur' }),
    });
  return { ...child, create };
}

test("a fate ends the program of the tests, and production's never hears of it", async () => {
  const fate = 'payments.commit:before SIGKILL';
  const [mortal, api] = await Promise.all([
    start('server/api/testing/mortal-api.ts', fate),
    start('server/api/main.ts', fate),
  ]);
  await assert.rejects(mortal.create());
  assert.equal(await mortal.stop(), null, 'it was ended by a signal');
  assert.equal((await api.create()).status, 200);
  assert.equal((await api.create()).status, 200);
  assert.equal(await api.stop('SIGTERM'), 0);
});
