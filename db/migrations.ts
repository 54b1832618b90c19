import { join } from 'node:path';
import { drizzle } from 'drizzle-orm/postgres-js';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { addressOf } from '#server/kernel/database-address.ts';
import { openSql } from './client.ts';
import { applyGrants } from './grants.ts';
import { raiseLogEpoch } from './log-epoch.ts';

const folder = join(import.meta.dirname, 'migrations');

/** Any number that nobody else uses on this server. */
const lock = 4_217_001;

/** Brings a database up to date: migrations under an advisory lock, since two at once would trip over each other. */
export async function migrateDatabase(url: string, which: 'florin' | 'vault'): Promise<void> {
  const { address, ...socket } = addressOf(url);
  const client = postgres(address, { ...socket, max: 1, onnotice: () => {} });
  try {
    await client`SELECT pg_advisory_lock(${lock})`;
    await migrate(drizzle(client), { migrationsFolder: join(folder, which) });
  } finally {
    await client.end({ timeout: 5 });
  }
  if (which === 'vault') return;
  const sql = openSql(url, { application: 'migrate', max: 1 });
  try {
    await applyGrants(sql);
    await raiseLogEpoch(sql);
  } finally {
    await sql.end({ timeout: 5 });
  }
}
