import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { embeddedUrl } from '#deploy/local/postgres.ts';
import type { Ready } from '#deploy/local/ready.ts';
import { readSettings } from '#deploy/local/settings.ts';
import { BadSettings } from '#server/kernel/env.ts';

/** What there is to look at. */
export interface Product {
  /** URL of the database, as a role that may read every table. */
  database: string;
  /** Acquirers whose books can be read, by name. */
  acquirers: { name: string; books: string; key: string }[];
}

/** The doctor could not look. The message is a sentence that says what to do. */
export class Unseen extends Error {
  override name = 'Unseen';
}

const remedy =
  'Start it with `npm start`, name its folder in FLORIN_DATA_DIR, or name a database in FLORIN_DATABASE_URL ' +
  'as the role that owns its tables.';

/**
 * Finds the product: a database that the environment names, or what runs on this machine, which has said so in
 * `ready.json`. The owner's password stands beside it.
 *
 * @throws Unseen
 */
export async function findProduct(env: NodeJS.ProcessEnv): Promise<Product> {
  const { FLORIN_DATABASE_URL: named, FLORIN_ADMIN_DATABASE_URL: admin } = env;
  if (named) return { database: checked(named), acquirers: [] };
  if (admin) return { database: inFlorin(admin), acquirers: [] };
  const { folder, databaseUrl } = settings(env);
  const ready = await read<Ready>(join(folder, 'ready.json'));
  const acquirers = ready?.sandboxes.map(({ name, books, key }) => ({ name, books, key })) ?? [];
  if (databaseUrl) return { database: inFlorin(databaseUrl.reveal()), acquirers };
  if (!ready) throw new Unseen(`No Florin runs from ${folder}. ${remedy}`);
  return { database: await embedded(folder), acquirers };
}

function settings(env: NodeJS.ProcessEnv) {
  try {
    return readSettings(env);
  } catch (error) {
    throw error instanceof BadSettings ? new Unseen(error.message) : error;
  }
}

/** Of the PostgreSQL in the data folder: its port as it has written it down, its owner's password as it was drawn. */
async function embedded(folder: string): Promise<string> {
  const secrets = await read<{ postgresPassword: string }>(join(folder, 'secrets.json'));
  const pidFile = await readFile(join(folder, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const port = Number(pidFile.split('\n')[3]);
  if (!secrets || !port) {
    throw new Unseen(
      `The PostgreSQL in ${folder} does not run. Where Florin was started with DATABASE_URL, set it here.`,
    );
  }
  return inFlorin(embeddedUrl(port, secrets.postgresPassword));
}

function inFlorin(url: string): string {
  const changed = new URL(checked(url));
  changed.pathname = '/florin';
  return changed.toString();
}

function checked(url: string): string {
  if (URL.canParse(url)) return url;
  throw new Unseen('The URL of the database is no URL, such as postgres://user:password@host:5432/florin.');
}

async function read<T>(file: string): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new Unseen(`${file} is damaged. ${remedy}`);
  }
}
