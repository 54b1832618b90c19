import { drizzle, type PostgresJsDatabase } from 'drizzle-orm/postgres-js';
import postgres, { type Sql } from 'postgres';
import { addressOf } from '#server/kernel/database-address.ts';
import { arrayTypes } from './array-types.ts';
import { counted, withSockets } from './standing.ts';

/** Reads through Drizzle; a transaction of it is a Database too. */
export type Database = PostgresJsDatabase<Record<string, never>>;
/** postgres.js with `bigint` for int8, for the statements we write by hand. */
export type RawSql = Sql<{ bigint: bigint }>;

/** What one process holds of a database. */
export interface Connections {
  db: Database;
  /** Hand-written reads and the process's own writes. */
  sql: RawSql;
  /** The mover's two connections, as the role that alone may write money. */
  mover: RawSql;
  close(): Promise<void>;
}

/** A process's pools, as the driver makes them. */
export interface Pools {
  /** Drizzle's own, since it changes the parsers of the one that it is given. */
  drizzled: Sql;
  sql: RawSql;
  mover: RawSql;
}

export interface PoolsOptions {
  /** See `addressOf`. */
  url: string;
  application: string;
  settings?: Record<string, string | number>;
}

interface SqlOptions extends Omit<PoolsOptions, 'url'> {
  max: number;
  role?: string;
}

/**
 * Opens a process's pools: drizzle, raw, and the mover's. More than two mover connections make batches ragged, and more
 * connections than cores make PostgreSQL slower.
 *
 * @param url          postgres URL of the process's own role.
 * @param application  Shown in pg_stat_activity.
 */
export function openDatabase({ url, application }: { url: string; application: string }): Connections {
  const pools = openPools({ url, application });
  return {
    ...connectionsOver(pools),
    async close() {
      await Promise.all(Object.values(pools).map((pool) => pool.end({ timeout: 5 })));
    },
  };
}

/** @param settings  Of each session, in place of the usual ones: a simulation may stop within a transaction. */
export function openPools({ url, application, settings = {} }: PoolsOptions): Pools {
  const options = common(application);
  const { address, ...socket } = addressOf(url);
  return {
    drizzled: postgres(address, {
      ...options,
      ...socket,
      connection: { ...options.connection, ...settings },
      max: 4,
    }) as Sql,
    sql: openSql(url, { application, max: 4, settings }),
    mover: openSql(url, { application: `${application} mover`, max: 2, role: 'florin_mover', settings }),
  };
}

export function connectionsOver({ drizzled, sql, mover }: Pools): Omit<Connections, 'close'> {
  return { db: drizzle(drizzled, { casing: 'snake_case' }) as Database, sql, mover };
}

export function openSql(url: string, { application, max, role, settings }: SqlOptions): RawSql {
  const options = common(application);
  const { address, ...socket } = addressOf(url);
  const told = {
    ...options,
    ...socket,
    max,
    connection: { ...options.connection, ...(role ? { role } : {}), ...settings },
    types: { ...options.types, bigint: postgres.BigInt },
  };
  return counted((open) => postgres(address, withSockets(told, open)));
}

function common(application: string) {
  return {
    onnotice: () => {},
    connect_timeout: 10,
    fetch_types: false,
    types: arrayTypes as Record<string, postgres.PostgresType>,
    // A long write transaction anywhere on the server would stall the event log.
    connection: {
      application_name: application,
      // Says nothing, at length. What the driver wrote in the turn in which its connection closes stays in its buffer,
      // and nothing under 1024 bytes is ever sent on that connection again: a greeting this long goes out all the same.
      options: ' '.repeat(1024),
      // Sooner than whoever waits gives up; and a backend whose client is gone ends what it was asked.
      statement_timeout: 12_000,
      client_connection_check_interval: 1_000,
      idle_in_transaction_session_timeout: 5_000,
    },
  };
}
