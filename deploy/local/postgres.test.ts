import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openSql } from '#db/client.ts';
import { startCluster } from '#db/testing/cluster.ts';
import { temporaryFolder } from '#deploy/testing/launch.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { claimFolder, type DataFolder } from './data-folder.ts';
import { embeddedService, embeddedUrl, socketFolder } from './postgres.ts';

const password = 'a-password';
let home: string;

before(async () => {
  home = await temporaryFolder();
});
after(() => rm(home, { recursive: true, force: true }));

/** Starts it as `npm start` does, and says how it was reached: by TCP a client has an address. */
async function reachedBy(folder: DataFolder, port: number): Promise<'socket' | 'TCP'> {
  const sockets = await socketFolder(folder, port);
  const running = await embeddedService(folder, { port, password, sockets }).start(AbortSignal.timeout(60_000));
  const sql = openSql(embeddedUrl(port, password, sockets), { application: 'test', max: 1 });
  try {
    const [found] = await sql<{ address: string | null }[]>`SELECT inet_client_addr()::text AS address`;
    return found?.address ? 'TCP' : 'socket';
  } finally {
    await sql.end();
    await running.stop();
  }
}

test('our PostgreSQL is asked by its socket file, and what a killed one left of that does not keep it from starting', async () => {
  await using folder = await claimFolder(join(home, 'run'));
  const port = await freePort();
  assert.equal(await reachedBy(folder, port), 'socket');
  const sockets = join(folder.path, 'sockets');
  await mkdir(sockets, { recursive: true });
  // The id in it is by now that of somebody else, who lives and whom PostgreSQL's user may signal.
  const other = await startCluster();
  await writeFile(join(sockets, `.s.PGSQL.${port}.lock`), `${other.pid}\n${folder.path}/postgres\n0\n${port}\n`);
  assert.equal(await reachedBy(folder, port), 'socket');
  await other.stop();
});

test('where the path of a socket file would be too long, TCP does', async () => {
  const port = await freePort();
  const file = (path: string) => Buffer.byteLength(join(path, 'sockets', `.s.PGSQL.${port}`));
  const short = join(home, 'x');
  const longest = short + 'x'.repeat((process.platform === 'darwin' ? 103 : 107) - file(short));
  await using fits = await claimFolder(longest);
  assert.equal(await reachedBy(fits, port), 'socket');
  await using tooLong = await claimFolder(`${longest}x`);
  assert.equal(await reachedBy(tooLong, port), 'TCP');
  assert.ok(!existsSync(join(tooLong.path, 'sockets')));
});

test('where a socket file cannot be made, TCP does', async () => {
  await using folder = await claimFolder(join(home, 'refusing'));
  await writeFile(join(folder.path, 'sockets'), 'no folder');
  assert.equal(await socketFolder(folder, 3006), undefined);
  await using listed = await claimFolder(join(home, 'one,two'));
  assert.equal(await socketFolder(listed, 3006), undefined);
});
