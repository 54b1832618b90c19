import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemRandom, unguessable } from '#server/kernel/secret.ts';
import { guard } from './embedded-guard.ts';
import { postgresRunner, type Runner } from './embedded-program.ts';
import { reapPostmaster } from './embedded-stale.ts';

/** The superuser that `initdb` makes. */
export const superuser = 'postgres';
const version = '18';

export interface EmbeddedOptions {
  /** The cluster's own folder; made and filled when it is missing. */
  folder: string;
  port: number;
  /** The superuser's password. It is fixed when the cluster is made. */
  password: string;
  /** What PostgreSQL prints is appended here. */
  logFile: string;
  /** Settings of postgresql.conf: `{ shared_buffers: '256MB' }`. */
  settings?: Record<string, string>;
  /** A folder for a socket file, made when it is missing; without it there is none. */
  sockets?: string;
  /** For tests: this folder goes when PostgreSQL ends, is not synced, and does not keep this process alive. */
  scratch?: string;
}

export interface Embedded {
  /** Connects as superuser to the database `postgres`, by the socket file where there is one. */
  adminUrl: string;
  pid: number;
  /** Resolves when PostgreSQL has ended, for whatever reason. */
  gone: Promise<void>;
  /** Rolls back what is open and ends; after `patience` ms without cleaning up. Safe to call twice. */
  stop(patience?: number): Promise<void>;
}

/**
 * Starts the PostgreSQL that npm brought, on 127.0.0.1 alone, with scram passwords. Returns once it takes
 * connections. It ends with this process, however that ends.
 *
 * @throws Error with one sentence that names the remedy or what PostgreSQL said.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { folder, port, password, sockets, scratch } = options;
  const runner = postgresRunner([folder, tmpdir()]);
  if (existsSync(join(folder, 'PG_VERSION'))) await requireFitting(folder, runner);
  else await initialise(options, runner);
  await reapPostmaster(folder);
  const child = await launch(options, runner);
  const { pid } = child;
  if (pid === undefined) throw new Error('PostgreSQL could not be started: its program does not run on this machine.');
  const watch = guard(pid, scratch);
  const gone = once(child, 'exit').then(() => watch.dismiss());
  if (scratch) child.unref();
  await ready({ child, options, gone });
  const query = sockets ? `?host=${encodeURIComponent(sockets)}` : '';
  return {
    adminUrl: `postgres://${superuser}:${encodeURIComponent(password)}@127.0.0.1:${port}/postgres${query}`,
    pid,
    gone,
    async stop(patience = 5000) {
      for (const signal of ['SIGINT', 'SIGQUIT', 'SIGKILL'] as const) {
        child.kill(signal);
        if (await endsWithin(gone, signal === 'SIGINT' ? patience : 1000)) break;
      }
      if (scratch) await rm(scratch, { recursive: true, force: true });
    },
  };
}

async function requireFitting(folder: string, { uid }: Runner): Promise<void> {
  const made = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  if (made !== version) {
    throw new Error(
      `${folder} was made by PostgreSQL ${made} and this one is ${version}: dump and restore it, or choose another folder.`,
    );
  }
  if (uid >= 0 && statSync(folder).uid !== uid) {
    throw new Error(`${folder} belongs to another user of this machine: start as that user, or choose another folder.`);
  }
}

/** Made beside its place and moved there when complete, so that a killed start leaves no half of a database. */
async function initialise({ folder, password, scratch }: EmbeddedOptions, runner: Runner): Promise<void> {
  const draft = `${folder}.new`;
  const passwordFile = join(tmpdir(), `florin-${unguessable(systemRandom)}`);
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  runner.give(draft);
  runner.give(passwordFile);
  const [file, args] = runner.command('initdb', [
    `--pgdata=${draft}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    ...(scratch ? ['--no-sync'] : []),
  ]);
  try {
    const child = spawn(file, args, { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
    const [code, complaint] = await Promise.all([exitOf(child), textOf(child)]);
    if (code !== 0) throw new Error(`PostgreSQL could not make a database in ${folder}: ${complaint.trim()}`);
  } finally {
    await rm(passwordFile, { force: true });
  }
  await rm(folder, { recursive: true, force: true });
  await rename(draft, folder);
}

async function launch(
  { folder, port, settings, sockets, logFile }: EmbeddedOptions,
  runner: Runner,
): Promise<ChildProcess> {
  const flags = Object.entries({
    listen_addresses: '127.0.0.1',
    unix_socket_directories: sockets ?? '',
    password_encryption: 'scram-sha-256',
    ...settings,
  }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const [file, args] = runner.command('postgres', ['-D', folder, '-p', String(port), ...flags]);
  if (sockets) {
    await mkdir(sockets, { recursive: true, mode: 0o755 });
    runner.give(sockets);
  }
  const log = await open(logFile, 'a');
  try {
    // A group of its own: Ctrl-C reaches the whole group, and the database must outlive those who still write to it.
    return spawn(file, args, { env: environment(), detached: true, stdio: ['ignore', log.fd, log.fd] });
  } finally {
    await log.close();
  }
}

/** PostgreSQL is told nothing that it need not know: this process's own environment may hold secrets. */
function environment(): NodeJS.ProcessEnv {
  return {
    ...(process.env.PATH && { PATH: process.env.PATH }),
    LC_ALL: 'C',
    TZ: 'UTC',
    NODE_ENV: process.env.NODE_ENV,
  };
}

/** PostgreSQL writes its state into line 8 of its lock file, which is what `pg_ctl --wait` reads. */
async function ready({ child, options, gone }: { child: ChildProcess; options: EmbeddedOptions; gone: Promise<void> }) {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const lock = await readFile(join(options.folder, 'postmaster.pid'), 'utf8').catch(() => '');
    if (lock.split('\n')[7]?.trim() === 'ready') return;
    if (await endsWithin(gone, 20)) break;
  }
  child.kill('SIGQUIT');
  const said = (await readFile(options.logFile, 'utf8')).trim().split('\n').slice(-6).join('\n');
  throw new Error(`PostgreSQL did not start. It said:\n${said}`);
}

async function endsWithin(gone: Promise<void>, milliseconds: number): Promise<boolean> {
  const enough = new AbortController();
  const late = sleep(milliseconds, false, { signal: enough.signal }).catch(() => false);
  const ended = await Promise.race([gone.then(() => true), late]);
  enough.abort();
  return ended;
}

async function exitOf(child: ChildProcess): Promise<number | null> {
  const [code] = await once(child, 'exit');
  return code;
}

async function textOf({ stderr }: ChildProcess): Promise<string> {
  return stderr ? (await stderr.toArray()).join('') : '';
}
