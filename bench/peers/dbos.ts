import { mkdtemp, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startChild } from '../house/child.ts';
import { freePort } from '../house/cluster.ts';
import { asAdmin } from '../house/databases.ts';
import { family } from '../measure/processor.ts';
import { doorAt } from './door.ts';
import { versionOf } from './packages.ts';
import type { Peer } from './peer.ts';
import { steps } from './saga.ts';

/** Connections. Of 10, its own default, 20 and 40 this did best for a hundred clients on two cores. */
const pool = 20;

/** A library in its user's process, with a database of its own on the run's PostgreSQL. */
export const dbos: Peer = {
  name: 'DBOS',
  version: versionOf('@dbos-inc/dbos-sdk'),
  goal: 10,
  async start({ cluster }) {
    await using opened = new AsyncDisposableStack();
    const folder = await mkdtemp(join(dirname(cluster.folder), 'dbos-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const name = `bench_dbos_${Date.now()}`;
    await asAdmin(cluster.adminUrl, async (admin) => void (await admin`CREATE DATABASE ${admin(name)}`));
    opened.defer(() => drop(cluster.adminUrl, name));
    const url = new URL(cluster.adminUrl);
    url.pathname = `/${name}`;
    const port = await freePort();
    const child = await startChild({
      entry: 'bench/peers/dbos-program.ts',
      env: { DOOR_PORT: String(port), SYSTEM_DATABASE_URL: url.toString(), POOL_SIZE: String(pool) },
      logFile: join(folder, 'dbos.log'),
      ready: `http://127.0.0.1:${port}/ready`,
    });
    opened.defer(() => child.stop());
    const door = doorAt(port);
    const closing = opened.move();
    return {
      classes: { node: () => [child.pid], postgres: () => family(cluster.pid) },
      buy: door.buy,
      books: async () => ({ ...(await booksOf(url.toString())), calls: await door.calls() }),
      stop: () => closing.disposeAsync(),
    };
  },
};

function booksOf(url: string): Promise<{ made: number; fulfilled: number }> {
  return asAdmin(url, async (sql) => {
    const [row] = await sql<{ made: number; fulfilled: number }[]>`
      SELECT (SELECT count(*)::int FROM dbos.workflow_status) AS made,
        (SELECT count(*)::int FROM dbos.workflow_status w WHERE status = 'SUCCESS' AND ${steps.length} =
          (SELECT count(*) FROM dbos.operation_outputs o WHERE o.workflow_uuid = w.workflow_uuid)) AS fulfilled`;
    return { made: row?.made ?? 0, fulfilled: row?.fulfilled ?? 0 };
  });
}

function drop(adminUrl: string, name: string): Promise<void> {
  return asAdmin(adminUrl, async (admin) => void (await admin`DROP DATABASE IF EXISTS ${admin(name)} WITH (FORCE)`));
}
