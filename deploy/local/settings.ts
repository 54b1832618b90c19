import { resolve } from 'node:path';
import { port, readEnv, secretUrl, text } from '#server/kernel/env.ts';
import type { Secret } from '#server/kernel/secret.ts';
import { type StripeAccount, stripeOf, stripeSettings } from './stripe.ts';

/** Where the product's files are; data goes to `folder`. */
export const root = resolve(import.meta.dirname, '../..');

/** What Node keeps of the code that it has read: a process that comes back is there a quarter sooner. */
export const keptCode = { NODE_COMPILE_CACHE: resolve(root, 'node_modules/.cache/node') };

export interface Settings {
  /** Everything that a run writes is in here. */
  folder: string;
  ports: Ports;
  /** A PostgreSQL that is already there; without it the one from npm is started. */
  databaseUrl: Secret | undefined;
  /** A third provider, where an account is named. */
  stripe: StripeAccount | undefined;
}

export type Ports = ReturnType<typeof portsFrom>;

/** Two runs side by side need bases that are at least twelve apart. */
function portsFrom(base: number) {
  return {
    web: base,
    vault: base + 1,
    api: base + 2,
    worker: base + 3,
    alder: base + 4,
    birch: base + 5,
    postgres: base + 6,
    vaultInternal: base + 11,
  };
}

/** @throws BadSettings */
export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const values = readEnv(
    {
      FLORIN_PORT_BASE: { read: portBase, purpose: 'the first of twelve ports', fallback: 3000 },
      FLORIN_DATA_DIR: { read: text, purpose: 'the folder that keeps all data', fallback: '.florin' },
      DATABASE_URL: { read: secretUrl, purpose: 'a PostgreSQL to use', fallback: undefined },
      ...stripeSettings,
    },
    env,
  );
  return {
    folder: resolve(root, values.FLORIN_DATA_DIR),
    ports: portsFrom(values.FLORIN_PORT_BASE),
    databaseUrl: values.DATABASE_URL,
    stripe: stripeOf(values),
  };
}

function portBase(value: string): number {
  const base = port(value);
  if (base > 65_535 - 11) throw new Error('it must leave room for twelve ports, so be 65524 at most');
  return base;
}
