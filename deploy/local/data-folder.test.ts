import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { claimFolder } from './data-folder.ts';
import { ensureSecrets } from './secrets.ts';

let home: string;
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'florin-folder-'));
});
after(() => rm(home, { recursive: true }));

test('a new folder is taken, a second start on it is refused, and it is free again after the first', async () => {
  const path = join(home, 'new');
  const first = await claimFolder(path);
  await assert.rejects(claimFolder(path), /already runs on .*\(process \d+\): stop it/);
  await first[Symbol.asyncDispose]();
  await (await claimFolder(path))[Symbol.asyncDispose]();
});

test('the lock of a start that was killed does not hold', async () => {
  const path = join(home, 'killed');
  await (await claimFolder(path))[Symbol.asyncDispose]();
  await writeFile(join(path, 'running.json'), JSON.stringify({ pid: process.pid, born: 'long ago' }));
  await (await claimFolder(path))[Symbol.asyncDispose]();
});

test('a folder that holds something else is left alone', async () => {
  const path = await mkdtemp(join(home, 'foreign-'));
  await writeFile(join(path, 'thesis.txt'), 'chapter one');
  await assert.rejects(claimFolder(path), /holds something that is not Florin's: set FLORIN_DATA_DIR/);
  await assert.rejects(claimFolder(join(path, 'thesis.txt')), /cannot be used as data folder/);
  assert.equal(await readFile(join(path, 'thesis.txt'), 'utf8'), 'chapter one');
});

test('data of a newer release is left alone', async () => {
  const path = await mkdtemp(join(home, 'newer-'));
  await writeFile(join(path, 'florin.json'), '{"layout":99}');
  await assert.rejects(claimFolder(path), /written by a newer Florin/);
});

test('a log that has grown large is put aside at the next start', async () => {
  const path = join(home, 'logs');
  await using folder = await claimFolder(path);
  await writeFile(join(path, 'logs/web.log'), Buffer.alloc(10_000_001));
  assert.equal(folder.logFile('web'), join(path, 'logs/web.log'));
  assert.equal((await stat(join(path, 'logs/web.log.1'))).size, 10_000_001);
});

test('secrets are drawn once, kept from others, and joined by those of a newer release', async () => {
  const path = await mkdtemp(join(home, 'secrets-'));
  const drawn = await ensureSecrets(path);
  assert.equal((await stat(join(path, 'secrets.json'))).mode & 0o777, 0o600);
  assert.deepEqual(await ensureSecrets(path), drawn);
  const { birchKey, ...older } = drawn;
  await writeFile(join(path, 'secrets.json'), JSON.stringify(older));
  const joined = await ensureSecrets(path);
  assert.deepEqual({ ...joined, birchKey }, drawn);
  assert.notEqual(joined.birchKey, birchKey);
  assert.equal(Buffer.from(drawn.vaultMasterKey, 'base64').length, 32);
});
