import { chmod, mkdtemp } from 'node:fs/promises';

import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemRandom, unguessable } from '#server/kernel/secret.ts';
import { freePort } from '#server/observability/testing/ports.ts';
import { type Embedded, startEmbedded } from '../embedded.ts';

// Nothing here outlives the run, so nothing is written for the sake of outliving a power cut.
const settings = {
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  shared_buffers: '128MB',
  max_connections: '300',
  max_wal_size: '2GB',
  // Templates are copied all the time, which an autovacuum worker connected to one would hold up.
  autovacuum: 'off',
  // Broken constraints are what many tests are about.
  log_min_messages: 'log',
};

/**
 * Starts an empty PostgreSQL for tests: a random port, a temporary folder, and nothing left when this process ends.
 * A test without the global setup below may call it alone; it need not be stopped.
 */
export async function startCluster(): Promise<Embedded> {
  const scratch = await mkdtemp(join(tmpdir(), 'florin-test-'));
  await chmod(scratch, 0o711);
  return startEmbedded({
    folder: join(scratch, 'postgres'),
    logFile: join(scratch, 'postgres.log'),
    port: await freePort(),
    password: unguessable(systemRandom),
    settings,
    sockets: join(scratch, 'sockets'),
    scratch,
  });
}

let cluster: Embedded | undefined;

/** Run once by `node --test --test-global-setup`, before the test files' processes exist: they inherit the setting. */
export async function globalSetup(): Promise<void> {
  cluster = await startCluster();
  process.env.FLORIN_TEST_ADMIN_URL = cluster.adminUrl;
  // Each test file is a process that reads much the same code.
  process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '../../node_modules/.cache/node');
}

export async function globalTeardown(): Promise<void> {
  await cluster?.stop();
}
