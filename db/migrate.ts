import { BadSettings, readEnv, secretText, secretUrl } from '#server/kernel/env.ts';
import { openSql } from './client.ts';
import { processRoles, vaultRole } from './grants.ts';
import { migrateDatabase } from './migrations.ts';
import { ensureDatabase, ensureRoles } from './roles.ts';

const names = { florin: 'florin', vault: 'florin_vault' } as const;

/** `npm run migrate`: roles, both databases, migrations and grants, on the server that the admin URL names. */
async function main(): Promise<void> {
  const env = readEnv({
    FLORIN_ADMIN_DATABASE_URL: { read: secretUrl, purpose: 'the URL of a role that may make databases and roles' },
    FLORIN_WEB_DATABASE_PASSWORD: { read: secretText, purpose: 'the password that the web process signs in with' },
    FLORIN_API_DATABASE_PASSWORD: { read: secretText, purpose: 'the password that the api process signs in with' },
    FLORIN_WORKER_DATABASE_PASSWORD: { read: secretText, purpose: 'the password that the worker signs in with' },
    FLORIN_VAULT_DATABASE_PASSWORD: { read: secretText, purpose: 'the password that the vault signs in with' },
  });
  const url = env.FLORIN_ADMIN_DATABASE_URL.reveal();
  const admin = openSql(url, { application: 'migrate', max: 1 });
  try {
    await ensureRoles(admin, {
      florin_web: env.FLORIN_WEB_DATABASE_PASSWORD,
      florin_api: env.FLORIN_API_DATABASE_PASSWORD,
      florin_worker: env.FLORIN_WORKER_DATABASE_PASSWORD,
      florin_vault: env.FLORIN_VAULT_DATABASE_PASSWORD,
    });
    await ensureDatabase(admin, names.florin, { opens: processRoles });
    await ensureDatabase(admin, names.vault, { opens: [vaultRole] });
  } finally {
    await admin.end({ timeout: 5 });
  }
  await migrateDatabase(inDatabase(url, names.florin), 'florin');
  await migrateDatabase(inDatabase(url, names.vault), 'vault');
}

function inDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${name}`;
  return changed.toString();
}

main().catch((error: unknown) => {
  const words =
    error instanceof BadSettings ? error.message : `The databases could not be brought up to date: ${error}`;
  process.stderr.write(`${words}\n`);
  process.exitCode = 1;
});
