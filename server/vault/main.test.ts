import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { request } from 'undici';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { ensureAuthority } from '#server/workload/authority.ts';

let database: TestDatabase;
let folder: string;
let good: Record<string, string>;

before(async () => {
  database = await testDatabase('vault');
  folder = await mkdtemp(join(tmpdir(), 'florin-vault-main-'));
  const { ca, cert, key } = await (await ensureAuthority(folder)).issue('vault');
  const port = await freePort();
  good = {
    FLORIN_MODE: 'test',
    FLORIN_VAULT_DATABASE_URL: database.url('vault'),
    FLORIN_VAULT_PORT: String(port),
    FLORIN_VAULT_INTERNAL_PORT: String(await freePort()),
    FLORIN_VAULT_PUBLIC_URL: `http://127.0.0.1:${port}`,
    FLORIN_VAULT_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    FLORIN_VAULT_FRAME_PARENTS: 'http://localhost:3000',
    FLORIN_VAULT_EGRESS: '{"alder":{"kind":"sandbox","url":"http://127.0.0.1:3004","key":"k-secret"}}',
    FLORIN_TLS_CA: ca,
    FLORIN_TLS_CERT: cert,
    FLORIN_TLS_KEY: key,
  };
});

after(async () => {
  await database.drop();
  await rm(folder, { recursive: true });
});

function run(env: Record<string, string>): ChildProcess {
  const main = join(import.meta.dirname, 'main.ts');
  return spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH ?? '', ...env, NODE_ENV: 'test' },
    stdio: 'pipe',
  });
}

async function refusal(env: Record<string, string>): Promise<string> {
  const child = run(env);
  const [said, [code]] = await Promise.all([child.stderr?.toArray(), once(child, 'exit')]);
  assert.equal(code, 1);
  return (said ?? []).join('');
}

test('it does not start without its settings, and says one sentence for each', async () => {
  const said = await refusal({});
  for (const name of Object.keys(good)) assert.match(said, new RegExp(`^${name} is missing: `, 'm'), name);
});

test('a malformed setting is named, and its value is not repeated', async () => {
  const bad: Record<string, string> = {
    FLORIN_MODE: 'prod',
    FLORIN_VAULT_MASTER_KEY: 'c2hvcnQ=',
    FLORIN_VAULT_FRAME_PARENTS: 'http://localhost:3000/checkout',
    FLORIN_VAULT_EGRESS: '{"alder":{"kind":"nobody","url":"http://127.0.0.1:3004","key":"k-secret"}}',
    FLORIN_VAULT_PORT: '99999',
  };
  const said = await refusal({ ...good, ...bad });
  for (const name of Object.keys(bad)) assert.match(said, new RegExp(`^${name} is malformed: it must be `, 'm'), name);
  assert.doesNotMatch(said, /k-secret|c2hvcnQ/);
});

test('outside test mode it refuses plain HTTP', async () => {
  const said = await refusal({ ...good, FLORIN_MODE: 'live' });
  for (const name of [
    'FLORIN_VAULT_PUBLIC_URL',
    'FLORIN_VAULT_FRAME_PARENTS',
    String.raw`FLORIN_VAULT_EGRESS \(alder\)`,
  ]) {
    assert.match(said, new RegExp(`^${name} is malformed: outside test mode it must begin with https`, 'm'));
  }
});

test('it starts from the environment alone, answers, and is gone after SIGTERM', async (t) => {
  const child = run(good);
  t.after(() => child.kill('SIGKILL'));
  const lines: string[] = [];
  await new Promise<void>((resolve) =>
    child.stdout?.on('data', (chunk) => {
      lines.push(String(chunk));
      if (lines.join('').includes('listening')) resolve();
    }),
  );
  for (const path of ['/health', '/ready', '/metrics', '/frame']) {
    const { statusCode, body } = await request(`${good.FLORIN_VAULT_PUBLIC_URL}${path}`);
    assert.equal(statusCode, 200, path);
    await body.dump();
  }
  const ended = once(child, 'exit');
  const asked = Date.now();
  child.kill('SIGTERM');
  assert.deepEqual(await ended, [0, null]);
  assert.ok(Date.now() - asked < 5_000);
  assert.doesNotMatch(lines.join(''), /k-secret/);
});
