import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { type Child, startChild } from '../house/child.ts';
import { freePort } from '../house/cluster.ts';
import { family } from '../measure/processor.ts';
import { doorAt } from './door.ts';
import { versionOf } from './packages.ts';
import type { Peer } from './peer.ts';
import { post } from './post.ts';
import { steps } from './saga.ts';

/** Logical shards of its log. Its default of 24 is for clusters to grow into; on two cores two cost it half as much. */
const partitions = availableParallelism();

type Ports = Record<'ingress' | 'admin' | 'node' | 'service' | 'door', number>;

/** A server with a log of its own, fsynced, and a process whose handler it calls. */
export const restate: Peer = {
  name: 'Restate',
  version: versionOf('@restatedev/restate-server'),
  goal: 8,
  async start({ cluster }) {
    await using opened = new AsyncDisposableStack();
    // Beside PostgreSQL's: on the same disk, and gone with it, however the run ends.
    const folder = await mkdtemp(join(dirname(cluster.folder), 'restate-'));
    opened.defer(() => rm(folder, { recursive: true, force: true }));
    const ports: Ports = {
      ingress: await freePort(),
      admin: await freePort(),
      node: await freePort(),
      service: await freePort(),
      door: await freePort(),
    };
    const server = await startServer(folder, ports);
    opened.defer(() => end(server));
    const program = await startChild({
      entry: 'bench/peers/restate-program.ts',
      env: {
        DOOR_PORT: String(ports.door),
        SERVICE_PORT: String(ports.service),
        INGRESS_URL: `http://127.0.0.1:${ports.ingress}`,
      },
      logFile: join(folder, 'program.log'),
      ready: `http://127.0.0.1:${ports.door}/ready`,
    });
    opened.defer(() => program.stop());
    await post(`http://127.0.0.1:${ports.admin}/deployments`, { uri: `http://127.0.0.1:${ports.service}` });
    const door = doorAt(ports.door);
    const closing = opened.move();
    return {
      classes: {
        node: () => [program.pid],
        postgres: () => family(cluster.pid),
        restate: () => family(server.pid),
      },
      buy: door.buy,
      books: async () => ({ ...(await booksOf(ports)), calls: await door.calls() }),
      stop: () => closing.disposeAsync(),
    };
  },
};

/** The program that npm brought passes its signals on to the server. */
function startServer(folder: string, ports: Ports): Promise<Child> {
  return startChild({
    entry: 'bench/peers/node_modules/@restatedev/restate-server/lib/index.js',
    env: {
      RESTATE_BASE_DIR: join(folder, 'data'),
      RESTATE_NODE_NAME: 'bench',
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_IP: '127.0.0.1',
      RESTATE_BIND_PORT: String(ports.node),
      RESTATE_INGRESS__BIND_PORT: String(ports.ingress),
      RESTATE_ADMIN__BIND_PORT: String(ports.admin),
      RESTATE_DEFAULT_NUM_PARTITIONS: String(partitions),
      RESTATE_LOG_FILTER: 'warn',
      RESTATE_SHUTDOWN_TIMEOUT: '5s',
      RESTATE_DISABLE_TELEMETRY: 'true',
    },
    logFile: join(folder, 'server.log'),
    ready: `http://127.0.0.1:${ports.ingress}/restate/health`,
  });
}

/** npm's program and the server behind it: where the first had to be killed, the second is still there. */
async function end(server: Child): Promise<void> {
  const [, ...behind] = family(server.pid);
  await server.stop();
  for (const pid of behind) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It is gone, as it was asked to be.
    }
  }
}

/** By its own SQL: an invocation is a saga, and a journal's entry for `run` is a step's row. */
async function booksOf({ admin }: Ports): Promise<{ made: number; fulfilled: number }> {
  const one = async (query: string) => {
    const { rows } = (await post(`http://127.0.0.1:${admin}/query`, { query })) as { rows: { n: number }[] };
    return Number(rows[0]?.n ?? 0);
  };
  return {
    made: await one('SELECT count(*) AS n FROM sys_invocation'),
    fulfilled: await one(`
      SELECT count(*) AS n FROM sys_invocation i JOIN (
        SELECT id, count(*) AS runs FROM sys_journal WHERE entry_type = 'Command: Run' GROUP BY id
      ) j ON j.id = i.id WHERE i.completion_result = 'success' AND j.runs = ${steps.length}`),
  };
}
