import type { Mode } from '#server/auth/caller.ts';
import { key256, port, type Reader, readEnv, secretUrl, url } from '#server/kernel/env.ts';
import { readProviders } from '#server/providers/settings.ts';
import { identityFiles, identitySettings } from '#server/workload/identity.ts';

const mode: Reader<Mode> = (value) => {
  if (value !== 'test' && value !== 'live') throw new Error('it must be test or live');
  return value;
};

const known = {
  FLORIN_MODE: { read: mode, purpose: 'test or live' },
  FLORIN_API_PORT: { read: port, purpose: 'the port that merchants call' },
  FLORIN_DATABASE_URL: { read: secretUrl, purpose: 'the postgres URL of the database, as the role of this process' },
  FLORIN_VAULT_URL: { read: url, purpose: "the vault's internal address, reached over mutual TLS" },
  FLORIN_PROVIDERS: { read: readProviders, purpose: 'the payment providers, as JSON' },
  FLORIN_WEB_URL: { read: url, purpose: 'where shoppers find the checkout' },
  FLORIN_CART_SEAL_KEY: { read: key256, purpose: '32 bytes in base64 that checkout sessions are sealed with' },
  ...identitySettings,
};

export type Settings = ReturnType<typeof readSettings>;

/** @throws BadSettings with a sentence for each missing or malformed setting. */
export function readSettings(env: NodeJS.ProcessEnv = process.env) {
  const read = readEnv(known, env);
  return {
    mode: read.FLORIN_MODE,
    port: read.FLORIN_API_PORT,
    databaseUrl: read.FLORIN_DATABASE_URL,
    vaultUrl: read.FLORIN_VAULT_URL,
    providers: read.FLORIN_PROVIDERS,
    webUrl: read.FLORIN_WEB_URL,
    sealKey: read.FLORIN_CART_SEAL_KEY,
    identity: identityFiles(read),
  };
}
