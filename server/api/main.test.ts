import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { testDatabase } from '#db/testing/database.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { startProcess } from '#server/observability/testing/process.ts';
import { ensureAuthority } from '#server/workload/authority.ts';

const entry = 'server/api/main.ts';

test('without its settings the process ends at once, with a sentence for each', () => {
  const root = join(import.meta.dirname, '../..');
  const env = { NODE_ENV: 'test' as const, FLORIN_MODE: 'both', FLORIN_PROVIDERS: '[]' };
  const { status, stderr } = spawnSync(process.execPath, [join(root, entry)], { cwd: root, env, encoding: 'utf8' });
  assert.equal(status, 1);
  for (const name of [
    'API_PORT',
    'DATABASE_URL',
    'VAULT_URL',
    'WEB_URL',
    'CART_SEAL_KEY',
    'WEBHOOKS',
    'TLS_CA',
    'TLS_CERT',
    'TLS_KEY',
  ]) {
    assert.match(stderr, new RegExp(`^FLORIN_${name} is missing: .+\\.$`, 'm'));
  }
  assert.match(stderr, /^FLORIN_MODE is malformed: it must be test or live\.$/m);
  assert.match(stderr, /^FLORIN_PROVIDERS is malformed/m);
});

test('the process listens on its port, answers, and ends within five seconds of SIGTERM', async () => {
  const database = await testDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'florin-api-'));
  const { ca, cert, key } = await (await ensureAuthority(folder)).issue('api');
  const port = await freePort();
  const child = await startProcess(entry, {
    ready: `http://localhost:${port}/ready`,
    env: {
      FLORIN_MODE: 'test',
      FLORIN_API_PORT: String(port),
      FLORIN_DATABASE_URL: database.url('api'),
      FLORIN_VAULT_URL: 'https://127.0.0.1:1',
      FLORIN_PROVIDERS: JSON.stringify([{ name: 'alder', kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25 }]),
      FLORIN_WEB_URL: 'http://localhost:3000',
      FLORIN_WEBHOOKS: '{}',
      FLORIN_CART_SEAL_KEY: Buffer.alloc(32, 1).toString('base64'),
      FLORIN_TLS_CA: ca,
      FLORIN_TLS_CERT: cert,
      FLORIN_TLS_KEY: key,
    },
  });
  assert.equal((await fetch(`http://127.0.0.1:${port}/v1/payment_intents/pi_x`)).status, 401);
  const asked = performance.now();
  assert.equal(await child.stop('SIGTERM'), 0);
  assert.ok(performance.now() - asked < 5_000);
  assert.match(child.output(), /"message":"listening"/);
  await Promise.all([database.drop(), rm(folder, { recursive: true, force: true })]);
});
