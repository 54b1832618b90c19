import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { freemem, tmpdir, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { type Embedded, startEmbedded } from '#db/embedded.ts';
import { systemRandom, unguessable } from '#server/kernel/secret.ts';

export interface Cluster extends Embedded {
  port: number;
  /** Where its data are. */
  folder: string;
  /** As it was started. */
  settings: Record<string, string>;
}

/** Megabytes: a quarter of the machine's memory, as the manual advises, and no more than is free, or than 4 GiB. */
const shared = () => Math.max(128, Math.min(4096, Math.floor(Math.min(totalmem() / 4, freemem() / 2) / 2 ** 20)));

/** A commit is on the disk before it is answered. The rest is what one would set on a machine of its own. */
function production(): Record<string, string> {
  return {
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    wal_level: 'replica',
    autovacuum: 'on',
    shared_buffers: `${shared()}MB`,
    effective_cache_size: `${Math.floor(totalmem() / 2 ** 21)}MB`,
    maintenance_work_mem: '256MB',
    wal_buffers: '64MB',
    max_wal_size: '4GB',
    checkpoint_timeout: '5min',
    random_page_cost: '1.1',
    max_connections: '200',
    log_error_verbosity: 'terse',
    log_checkpoints: 'on',
  };
}

/**
 * Starts a PostgreSQL of the benchmark's own, with every commit on the disk, asked by its socket file. Its folder goes
 * with it, however this process ends.
 *
 * @param room   The folder to make its own in. On a disk: in a file system in memory a commit costs nothing.
 * @param extra  Settings beside the usual ones, such as what looking at statements needs.
 */
export async function startCluster(room: string, extra: Record<string, string> = {}): Promise<Cluster> {
  await mkdir(room, { recursive: true });
  const scratch = await mkdtemp(join(resolve(room), 'postgres-'));
  const port = await freePort();
  const settings = { ...production(), ...extra };
  const folder = join(scratch, 'data');
  const password = unguessable(systemRandom);
  const logFile = join(resolve(room), 'postgres.log');
  // Of a socket's path the system takes a hundred characters.
  const sockets = await mkdtemp(join(tmpdir(), 'florin-bench-'));
  const embedded = await startEmbedded({ folder, logFile, port, password, settings, sockets, scratch });
  return {
    ...embedded,
    port,
    folder,
    settings,
    async stop() {
      await embedded.stop();
      await rm(sockets, { recursive: true, force: true });
    },
  };
}

/** One that the system hands out. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise<void>((closed) => server.close(() => closed()));
  if (address === null || typeof address === 'string') throw new Error('a listening socket has a port');
  return address.port;
}
