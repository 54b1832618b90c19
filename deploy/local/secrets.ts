import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePassword } from '#server/auth/passwords.ts';
import { type Random, systemRandom, unguessable } from '#server/kernel/secret.ts';
import { Trouble } from './trouble.ts';

export type Secrets = ReturnType<typeof makeSecrets>;

/** Everything secret that one installation needs, drawn at its first start. */
function makeSecrets(random: Random) {
  return {
    postgresPassword: unguessable(random),
    webDatabasePassword: unguessable(random),
    apiDatabasePassword: unguessable(random),
    workerDatabasePassword: unguessable(random),
    vaultDatabasePassword: unguessable(random),
    vaultMasterKey: random(32).toString('base64'),
    cartSealKey: random(32).toString('base64'),
    alderKey: unguessable(random),
    birchKey: unguessable(random),
    alderReportsKey: unguessable(random),
    birchReportsKey: unguessable(random),
    alderWebhookSecret: webhookSecret(random),
    birchWebhookSecret: webhookSecret(random),
    nextauthSecret: unguessable(random, 32),
    shopWarehouseKey: unguessable(random),
    shopSecretKey: `sk_test_${unguessable(random)}`,
    ownerPassword: makePassword(random),
    financePassword: makePassword(random),
    supportPassword: makePassword(random),
  };
}

/** @see Standard Webhooks 1.0.0: 24 to 64 bytes, in base64 behind `whsec_`. */
function webhookSecret(random: Random): string {
  return `whsec_${random(32).toString('base64')}`;
}

/**
 * Reads `secrets.json`, which it makes at first start, readable by its owner alone. A new release's new ones join it.
 */
export async function ensureSecrets(folder: string, random: Random = systemRandom): Promise<Secrets> {
  const file = join(folder, 'secrets.json');
  const known = existsSync(file) ? parse(file, await readFile(file, 'utf8')) : {};
  const secrets = { ...makeSecrets(random), ...known };
  if (Object.keys(secrets).some((name) => !(name in known))) {
    await writeFile(`${file}.new`, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 });
    await rename(`${file}.new`, file);
  }
  return secrets;
}

function parse(file: string, text: string): Partial<Secrets> {
  try {
    return JSON.parse(text);
  } catch {
    throw new Trouble(`${file} is damaged: restore it from a copy, or start anew with another FLORIN_DATA_DIR.`);
  }
}
