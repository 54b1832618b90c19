import { z } from 'zod';
import {
  json,
  key256,
  mode,
  origins,
  port,
  type Reader,
  readEnv,
  requireHttps,
  secretUrl,
  text,
  url,
} from '#server/kernel/env.ts';
import { Secret } from '#server/kernel/secret.ts';
import { identityFiles, identitySettings } from '#server/workload/identity.ts';
import { type KindName, kinds } from './core/kinds.ts';
import type { ProviderSetting } from './core/providers.ts';

const kindNames = Object.keys(kinds) as [KindName, ...KindName[]];
const egressForm = z.record(
  z.string().regex(/^[a-z][a-z0-9_-]{0,59}$/),
  z.strictObject({ kind: z.enum(kindNames), url: z.url({ protocol: /^https?$/ }), key: z.string().min(1) }),
);

const example = '{"alder":{"kind":"sandbox","url":"https://…","key":"…"}}';

const egress: Reader<Record<string, ProviderSetting>> = (value) => {
  const read = egressForm.safeParse(json(value));
  if (!read.success) throw new Error(`it must be JSON such as ${example}`);
  return Object.fromEntries(
    Object.entries(read.data).map(([name, { kind, url, key }]) => [name, { kind, url, key: new Secret(key) }]),
  );
};

const known = {
  FLORIN_MODE: { read: mode, purpose: 'test or live' },
  FLORIN_VAULT_DATABASE_URL: {
    read: secretUrl,
    purpose: "the postgres URL of the vault's own database, as its own role",
  },
  FLORIN_VAULT_PORT: { read: port, purpose: 'the port that browsers load the card frame from' },
  FLORIN_VAULT_INTERNAL_PORT: { read: port, purpose: 'the port that other processes call over mutual TLS' },
  FLORIN_VAULT_PUBLIC_URL: { read: url, purpose: 'the address that browsers load the card frame from' },
  FLORIN_VAULT_MASTER_KEY: { read: key256, purpose: '32 bytes in base64 that every card key is derived from' },
  FLORIN_VAULT_FRAME_PARENTS: {
    read: origins,
    purpose: 'the origins whose pages may show the card frame, with commas',
  },
  FLORIN_VAULT_EGRESS: { read: egress, purpose: 'the providers that requests may be sent to, as JSON' },
  FLORIN_VAULT_HOST: { read: text, purpose: 'the address to listen on', fallback: '127.0.0.1' },
  FLORIN_VAULT_SELF: {
    read: url,
    purpose: 'the internal address by which other vaults reach this one',
    fallback: undefined as string | undefined,
  },
  ...identitySettings,
};

export type Settings = ReturnType<typeof readSettings>;

/** @throws BadSettings with a sentence for each missing or malformed setting, and for plain HTTP outside test mode. */
export function readSettings(env: NodeJS.ProcessEnv = process.env) {
  const read = readEnv(known, env);
  const settings = {
    testMode: read.FLORIN_MODE === 'test',
    databaseUrl: read.FLORIN_VAULT_DATABASE_URL,
    host: read.FLORIN_VAULT_HOST,
    port: read.FLORIN_VAULT_PORT,
    internalPort: read.FLORIN_VAULT_INTERNAL_PORT,
    publicUrl: read.FLORIN_VAULT_PUBLIC_URL,
    masterKey: read.FLORIN_VAULT_MASTER_KEY,
    parents: read.FLORIN_VAULT_FRAME_PARENTS,
    providers: read.FLORIN_VAULT_EGRESS,
    self: read.FLORIN_VAULT_SELF ?? `https://127.0.0.1:${read.FLORIN_VAULT_INTERNAL_PORT}`,
    identity: identityFiles(read),
  };
  if (!settings.testMode) requireHttps(addressesOf(settings));
  return settings;
}

/** @see PCI DSS v4.0.1, 4.2.1: card data crosses open networks under strong cryptography alone. */
function addressesOf({ publicUrl, parents, providers }: Pick<Settings, 'publicUrl' | 'parents' | 'providers'>) {
  return [
    ['FLORIN_VAULT_PUBLIC_URL', publicUrl],
    ...parents.map((origin) => ['FLORIN_VAULT_FRAME_PARENTS', origin] as const),
    ...Object.entries(providers).map(([name, { url }]) => [`FLORIN_VAULT_EGRESS (${name})`, url] as const),
  ] as const;
}
