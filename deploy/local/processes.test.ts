import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readProviders } from '#server/providers/settings.ts';
import { claimFolder, type DataFolder } from './data-folder.ts';
import { processes } from './processes.ts';
import { ensureSecrets } from './secrets.ts';
import { readSettings, root } from './settings.ts';

const scripts: Record<string, string> = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).scripts;
const certificate = { ca: 'ca.pem', cert: 'cert.pem', key: 'key.pem' };
const adminUrl = 'postgres://postgres:word@127.0.0.1:1/postgres?sslmode=require';
let folder: DataFolder;

before(async () => {
  folder = await claimFolder(await mkdtemp(join(tmpdir(), 'florin-processes-')));
});
after(() => rm(folder.path, { recursive: true }));

async function table(env: Record<string, string> = {}) {
  const { ports, stripe } = readSettings({ NODE_ENV: 'test', ...env });
  return processes({
    folder,
    ports,
    stripe,
    secrets: await ensureSecrets(folder.path),
    adminUrl,
    certificates: { web: certificate, api: certificate, worker: certificate, vault: certificate },
  });
}

/** What a process says when it is started with these settings and nothing else. */
function complaints(args: readonly string[], env: Record<string, string>): Promise<{ code: unknown; lines: string[] }> {
  return new Promise((done) => {
    execFile(process.execPath, [...args], { cwd: root, env: { NODE_ENV: 'test', ...env } }, (error, _stdout, stderr) =>
      done({ code: error?.code, lines: stderr.trim().split('\n') }),
    );
  });
}

test('each process refuses to start from nothing, with a sentence for each setting that the table gives it', async () => {
  for (const { name, args, env } of await table()) {
    const { code, lines } = await complaints(args, {});
    assert.equal(code, 1, name);
    assert.ok(lines.length >= 4, name);
    for (const line of lines) {
      const setting = /^([A-Z_]+) is missing: .+\.$/.exec(line)?.[1];
      assert.ok(setting && setting in env, `${name}: ${line}`);
    }
  }
});

test('each process refuses malformed settings without showing them', async () => {
  for (const { name, args, env } of await table()) {
    const broken = Object.fromEntries(
      Object.entries(env).map(([key, value]) => [
        key,
        /PORT$|URL$|PROVIDERS|EGRESS|FEES/.test(key) ? `::${value}` : value,
      ]),
    );
    const { code, lines } = await complaints(args, broken);
    assert.equal(code, 1, name);
    for (const line of lines) {
      const setting = /^([A-Z_]+) is malformed: .+\.$/.exec(line)?.[1];
      assert.ok(setting && !line.includes(`::${env[setting]}`), `${name}: ${line}`);
    }
  }
});

test('`npm run` starts each of them by the same file', async () => {
  const files = Object.fromEntries((await table()).map(({ name, args }) => [name, `node ${args.join(' ')}`]));
  const { web, api, vault, worker, sandbox } = scripts;
  assert.deepEqual(files, { web, api, vault, worker, alder: sandbox, birch: sandbox });
});

test('each process signs in to the database as itself, and only the vault to its own', async () => {
  const users = (await table()).flatMap(({ name, env }) =>
    Object.entries(env)
      .filter(([key]) => key.endsWith('DATABASE_URL'))
      .map(([, value]) => [name, new URL(value).username, new URL(value).pathname, new URL(value).search]),
  );
  assert.deepEqual(users.sort(), [
    ['api', 'florin_api', '/florin', '?sslmode=require'],
    ['vault', 'florin_vault', '/florin_vault', '?sslmode=require'],
    ['web', 'florin_web', '/florin', '?sslmode=require'],
    ['worker', 'florin_worker', '/florin', '?sslmode=require'],
  ]);
});

test('no process but the vault is told a card key or a provider key', async () => {
  const { vaultMasterKey, alderKey, birchKey } = await ensureSecrets(folder.path);
  for (const { name, env } of await table()) {
    const told = [vaultMasterKey, alderKey, birchKey].filter((secret) => JSON.stringify(env).includes(secret));
    const due = name === 'vault' ? 3 : name === 'alder' || name === 'birch' ? 1 : 0;
    assert.equal(told.length, due, name);
  }
});

test('settlement files are read with a key that opens nothing else, by the worker alone', async () => {
  const { alderReportsKey, birchReportsKey } = await ensureSecrets(folder.path);
  for (const { name, env } of await table()) {
    const told = [alderReportsKey, birchReportsKey].filter((secret) => JSON.stringify(env).includes(secret));
    assert.equal(told.length, name === 'worker' ? 2 : name === 'alder' || name === 'birch' ? 1 : 0, name);
  }
});

test('an account at Stripe joins the providers; its key goes to the vault, its webhook secret to the API, and no further', async () => {
  const secrets = {
    FLORIN_STRIPE_KEY: 'sk_test_of_stripe',
    FLORIN_STRIPE_WEBHOOK_SECRET: `whsec_${'of_stripe'.repeat(3)}`,
  };
  const all = await table({ ...secrets, FLORIN_STRIPE_CURRENCIES: 'sek' });
  const knows = (secret: string) =>
    all.filter(({ env }) => JSON.stringify(env).includes(secret)).map(({ name }) => name);
  assert.deepEqual(knows(secrets.FLORIN_STRIPE_KEY), ['vault']);
  assert.deepEqual(knows(secrets.FLORIN_STRIPE_WEBHOOK_SECRET), ['api']);
  assert.deepEqual(knows('https://api.stripe.com'), ['vault']);
  assert.deepEqual(knows('https://hooks.stripe.com'), ['web']);
  const offers = readProviders(all.find(({ name }) => name === 'worker')?.env.FLORIN_PROVIDERS ?? '');
  assert.deepEqual(offers.map(({ name, currencies }) => [name, currencies]).at(-1), ['stripe', ['SEK']]);
});
