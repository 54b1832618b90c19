import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSql } from '#db/client.ts';
import { startCluster } from '#db/testing/cluster.ts';
import { type Launched, launch, temporaryFolder } from '#deploy/testing/launch.ts';
import { bornAt } from './pids.ts';
import { requireFitting } from './postgres.ts';

// One product, led through its life in the order of these tests: each start costs seconds.
let folder: string;
let product: Launched;

before(async () => {
  folder = await temporaryFolder();
  product = await launch({ folder });
});
after(async () => {
  await product.stop();
  await rm(folder, { recursive: true, force: true });
});

/** The ids of all processes that the product runs, by name. */
async function processes(): Promise<Record<string, number>> {
  const listed: { name: string; pid: number }[] = JSON.parse(await readFile(join(folder, 'pids.json'), 'utf8'));
  const postmaster = Number((await readFile(join(folder, 'postgres/postmaster.pid'), 'utf8')).split('\n')[0]);
  return { ...Object.fromEntries(listed.map(({ name, pid }) => [name, pid])), postgres: postmaster };
}

function living(pids: Record<string, number>): string[] {
  return Object.keys(pids).filter((name) => bornAt(pids[name] ?? 0) !== undefined);
}

async function within(milliseconds: number, holds: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    assert.ok(performance.now() < deadline, `not within ${milliseconds} ms`);
    await sleep(50);
  }
}

async function status(url: string): Promise<number> {
  const answer = await fetch(url).catch(() => undefined);
  return answer?.status ?? 0;
}

async function merchants(): Promise<unknown> {
  const { postgresPassword } = JSON.parse(await readFile(join(folder, 'secrets.json'), 'utf8'));
  const port = Number(new URL(product.ready.urls.web).port) + 6;
  const sql = openSql(`postgres://postgres:${postgresPassword}@127.0.0.1:${port}/florin`, {
    application: 'test',
    max: 1,
  });
  const rows = await sql`SELECT id, name, created_at FROM merchants`;
  await sql.end();
  return rows;
}

test('every process answers health, readiness and metrics where ready.json says', async () => {
  const { web, api, worker, vault } = product.ready.urls;
  for (const url of [web, api, worker, vault, ...product.ready.sandboxes.map((sandbox) => sandbox.url)]) {
    for (const path of ['/health', '/ready', '/metrics']) assert.equal(await status(url + path), 200, url + path);
  }
});

test('the start screen shows the addresses, the key and the logins', () => {
  const { urls, merchant, logins } = product.ready;
  const shown = [
    urls.shop,
    urls.console,
    urls.api,
    merchant.secretKey,
    ...logins.flatMap((one) => [one.email, one.password]),
  ];
  assert.deepEqual(
    shown.filter((text) => !product.said().includes(text)),
    [],
  );
});

test('what keeps a start from succeeding is told in one sentence with the remedy', async () => {
  const port = new URL(product.ready.urls.web).port;
  const foreign = join(folder, 'logs');
  const refused = async (place: string, env: Record<string, string>, sentence: RegExp) =>
    assert.rejects(
      launch({ folder: place, env }),
      ({ message }: Error) => sentence.test(message) && !message.includes('\n'),
    );
  const elsewhere = (name: string) => join(folder, 'elsewhere', name);
  const away = 'postgres://nobody:secret-word@127.0.0.1:1/postgres';
  await Promise.all([
    refused(folder, {}, /^Florin already runs on \S+ \(process \d+\): stop it, or set FLORIN_DATA_DIR/),
    refused(foreign, {}, /^\S+ holds something that is not Florin's: set FLORIN_DATA_DIR/),
    refused(
      elsewhere('a'),
      { FLORIN_PORT_BASE: port },
      /^Ports \d+ \(web\), .* are taken: stop what listens on them, or set/,
    ),
    refused(
      elsewhere('b'),
      { DATABASE_URL: away },
      /^The PostgreSQL of DATABASE_URL does not let us in \((?!.*secret-word).*/,
    ),
    refused(elsewhere('c'), { FLORIN_PORT_BASE: 'many' }, /^FLORIN_PORT_BASE is malformed: it must be a port/),
  ]);
});

test('a PostgreSQL that is too old, or grants too little, is refused', () => {
  assert.throws(
    () => requireFitting({ number: 140_012, version: '14.12', may: true }),
    /names PostgreSQL 14.12, .* 15 or newer/,
  );
  assert.throws(
    () => requireFitting({ number: 150_000, version: '15.0', may: false }),
    /grant it CREATEDB and CREATEROLE/,
  );
  requireFitting({ number: 150_000, version: '15.0', may: true });
});

test('a process that is killed is back soon, PostgreSQL too', async () => {
  const { worker } = product.ready.urls;
  const before = await processes();
  for (const name of ['worker', 'postgres']) process.kill(before[name] ?? 0, 'SIGKILL');
  await within(15_000, async () => {
    const now = await processes().catch(() => before);
    return (
      now.worker !== before.worker && now.postgres !== before.postgres && (await status(`${worker}/ready`)) === 200
    );
  });
});

test('when the supervisor is killed everything ends by itself, and a second start finds the data of the first', async () => {
  const known = await merchants();
  const pids = await processes();
  assert.equal(living(pids).length, 7);
  await product.stop('SIGKILL');
  await within(8000, () => living(pids).length === 0);
  product = await launch({ folder });
  assert.deepEqual(await merchants(), known);
});

test('Ctrl-C ends everything within 10 seconds', async () => {
  const pids = await processes();
  assert.equal(living(pids).length, 7);
  assert.ok((await product.stop()) < 10_000);
  assert.deepEqual(living(pids), []);
  assert.ok(!existsSync(product.readyFile));
});

test('a PostgreSQL that is already there will do, with a user who may make databases and roles', async () => {
  const cluster = await startCluster();
  const admin = openSql(cluster.adminUrl, { application: 'test', max: 1 });
  await admin`CREATE ROLE manager LOGIN PASSWORD 'word' CREATEDB CREATEROLE`;
  await admin.end();
  const url = new URL(cluster.adminUrl);
  [url.username, url.password] = ['manager', 'word'];
  const other = join(folder, 'external');
  product = await launch({ folder: other, env: { DATABASE_URL: url.toString() } });
  assert.equal(await status(`${product.ready.urls.api}/ready`), 200);
  assert.ok(!existsSync(join(other, 'postgres')));
  await product.stop();
  await cluster.stop();
});
