import { once } from 'node:events';
import { mkdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import postgres from 'postgres';
import { startEmbedded, superuser } from '#db/embedded.ts';
import { addressOf } from '#server/kernel/database-address.ts';
import type { Secret } from '#server/kernel/secret.ts';
import type { DataFolder } from './data-folder.ts';
import type { Service } from './supervise.ts';
import { Trouble } from './trouble.ts';

const oldest = 15;

// Commits survive a power cut; the rest suits a machine that also runs everything else.
const settings = {
  fsync: 'on',
  synchronous_commit: 'on',
  shared_buffers: '256MB',
  max_connections: '200',
  // A refused row would be written into the log whole, with what shoppers have told us.
  log_error_verbosity: 'terse',
};

interface Access {
  port: number;
  password: string;
  /** The folder of its socket file; without one it is asked by TCP. */
  sockets: string | undefined;
}

/** The PostgreSQL from npm, in the data folder. */
export function embeddedService(folder: DataFolder, { port, password, sockets }: Access): Service {
  const options = {
    folder: join(folder.path, 'postgres'),
    port,
    password,
    ...(sockets && { sockets }),
    settings,
    logFile: folder.logFile('postgres'),
  };
  return {
    name: 'PostgreSQL',
    async start() {
      // What a killed one left would keep the next from starting, where its process id is somebody else's by now.
      if (sockets) await rm(sockets, { recursive: true, force: true });
      const { gone, stop } = await startEmbedded(options).catch((cause: Error) => {
        throw new Trouble(cause.message, { cause });
      });
      return { gone: gone.then(() => 'stopped'), stop: () => stop(2000) };
    },
  };
}

/** As its owner; by the socket file, which costs half of what TCP does, where there is one. */
export function embeddedUrl(port: number, password: string, sockets?: string): string {
  const query = sockets ? `?host=${encodeURIComponent(sockets)}` : '';
  return `postgres://${superuser}:${password}@127.0.0.1:${port}/postgres${query}`;
}

/** Bytes of the longest path of a socket file. @see unix(7): 108 with the zero that ends it, and 104 on macOS. */
const longestPath = process.platform === 'darwin' ? 103 : 107;

/**
 * Where our PostgreSQL keeps its socket file; undefined where it can't have one: its path would be too long, or the
 * file system of the data folder holds none, as some that are shared with a virtual machine.
 */
export async function socketFolder({ path }: DataFolder, port: number): Promise<string | undefined> {
  const sockets = join(path, 'sockets');
  // PostgreSQL reads a list of folders, in which a comma and a quote have their own meaning.
  if (process.platform === 'win32' || /[,"]/.test(path)) return undefined;
  if (Buffer.byteLength(join(sockets, `.s.PGSQL.${port}`)) > longestPath) return undefined;
  const trial = createServer();
  try {
    await mkdir(sockets, { recursive: true });
    await rm(join(sockets, 'trial'), { force: true });
    trial.listen(join(sockets, 'trial'));
    await once(trial, 'listening');
    return sockets;
  } catch {
    return undefined;
  } finally {
    trial.close();
  }
}

/** @throws Trouble where the PostgreSQL of DATABASE_URL does not answer, is too old, or grants too little. */
export async function requireServer(url: Secret): Promise<void> {
  const { address, ...socket } = addressOf(url.reveal());
  const sql = postgres(address, { ...socket, max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    const [found] = await sql<Server[]>`
      SELECT current_setting('server_version_num')::int AS number, current_setting('server_version') AS version,
        rolsuper OR (rolcreatedb AND rolcreaterole) AS may
      FROM pg_roles WHERE rolname = current_user`;
    if (found) requireFitting(found);
  } catch (error) {
    if (error instanceof Trouble) throw error;
    throw new Trouble(
      `The PostgreSQL of DATABASE_URL does not let us in (${(error as Error).message}): ` +
        'correct the URL, or unset it and Florin starts its own.',
    );
  } finally {
    await sql.end({ timeout: 1 });
  }
}

interface Server {
  /** As PostgreSQL counts: 150004 is 15.4. */
  number: number;
  version: string;
  /** May make databases and roles. */
  may: boolean;
}

export function requireFitting({ number, version, may }: Server): void {
  if (number < oldest * 10_000) {
    throw new Trouble(`DATABASE_URL names PostgreSQL ${version}, and Florin needs ${oldest} or newer.`);
  }
  if (!may) {
    throw new Trouble('The user of DATABASE_URL may not make databases and roles: grant it CREATEDB and CREATEROLE.');
  }
}

/** The same server, another user and database. Options such as `sslmode` stay. */
export function databaseUrl(
  admin: string,
  { user, password, database }: Record<'user' | 'password' | 'database', string>,
) {
  const url = new URL(admin);
  url.username = user;
  url.password = password;
  url.pathname = `/${database}`;
  return url.toString();
}
