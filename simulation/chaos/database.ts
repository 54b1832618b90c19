import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Embedded, startEmbedded } from '#db/embedded.ts';
import { systemRandom, unguessable } from '#server/kernel/secret.ts';

/**
 * An immediate stop ends processes, not the machine: what was written stands in the kernel's pages and outlives it,
 * with fsync or without. What counts is `synchronous_commit`, for it has the log written before the answer. With fsync
 * each start after a crash first syncs every file of the cluster.
 */
const settings = (isDurable: boolean) => ({
  fsync: isDurable ? 'on' : 'off',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  shared_buffers: '128MB',
  max_connections: '200',
  log_min_messages: 'log',
});

/** A PostgreSQL of the run's own, whose data outlive its immediate stops. */
export interface Database {
  adminUrl: string;
  port: number;
  isUp(): boolean;
  /** All its processes quit at once, without a checkpoint: `pg_ctl stop -m immediate`. */
  crash(): Promise<void>;
  start(): Promise<void>;
  close(): Promise<void>;
}

export async function makeDatabase({ port, isDurable }: { port: number; isDurable: boolean }): Promise<Database> {
  const folder = await mkdtemp(join(tmpdir(), 'florin-chaos-'));
  const options = {
    folder: join(folder, 'postgres'),
    port,
    password: unguessable(systemRandom),
    logFile: join(folder, 'postgres.log'),
    settings: settings(isDurable),
  };
  let running: Embedded | undefined = await startEmbedded(options);
  const { adminUrl } = running;
  return {
    adminUrl,
    port,
    isUp: () => running !== undefined,
    async crash() {
      const ended = running;
      running = undefined;
      if (!ended) return;
      process.kill(ended.pid, 'SIGQUIT');
      await ended.gone;
    },
    async start() {
      running = await startEmbedded(options);
    },
    async close() {
      await running?.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
