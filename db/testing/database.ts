import { randomBytes } from 'node:crypto';
import type postgres from 'postgres';
import { Secret } from '#server/kernel/secret.ts';
import { openSql } from '../client.ts';
import { processRoles, vaultRole } from '../grants.ts';
import { migrateDatabase } from '../migrations.ts';
import { ensureDatabase, ensureRoles } from '../roles.ts';
import { startCluster } from './cluster.ts';

/** A database of a test file's own, copied from a migrated template; gone when the file is done. */
export interface TestDatabase {
  /** Signed in as a process's role, or as the owner, whom no grant binds. */
  url(role: 'web' | 'api' | 'worker' | 'vault' | 'owner'): string;
  drop(): Promise<void>;
}

const password = 'test-password-of-every-role';
const roles = { web: 'florin_web', api: 'florin_api', worker: 'florin_worker', vault: 'florin_vault' } as const;
const opens = { florin: processRoles, vault: [vaultRole] };

/** A migrated copy of `florin`, or of the vault's database, in the run's own cluster unless another one is named. */
export async function testDatabase(which: 'florin' | 'vault' = 'florin', cluster?: string): Promise<TestDatabase> {
  const adminUrl = cluster ?? process.env.FLORIN_TEST_ADMIN_URL ?? (await startCluster()).adminUrl;
  const template = await ensureTemplate(adminUrl, which);
  const name = `t_${which}_${randomBytes(6).toString('hex')}`;
  await asAdmin(adminUrl, (admin) => ensureDatabase(admin, name, { opens: opens[which], template }));
  return {
    url(role) {
      const url = new URL(adminUrl);
      url.pathname = `/${name}`;
      if (role !== 'owner') {
        url.username = roles[role];
        url.password = password;
      }
      return url.toString();
    },
    drop: () =>
      asAdmin(adminUrl, async (admin) => void (await admin`DROP DATABASE IF EXISTS ${admin(name)} WITH (FORCE)`)),
  };
}

/** Test files run in processes of their own and share one template; whoever comes first makes it. */
async function ensureTemplate(adminUrl: string, which: 'florin' | 'vault'): Promise<string> {
  const name = `template_${which}`;
  const secret = new Secret(password);
  await asAdmin(adminUrl, async (admin) => {
    await admin`SELECT pg_advisory_lock(4217002)`;
    const known = await admin`SELECT 1 FROM pg_database WHERE datname = ${name} AND datistemplate`;
    if (known.length > 0) return;
    await ensureRoles(admin, { florin_web: secret, florin_api: secret, florin_worker: secret, florin_vault: secret });
    await admin`DROP DATABASE IF EXISTS ${admin(name)}`;
    await ensureDatabase(admin, name, { opens: opens[which] });
    const url = new URL(adminUrl);
    url.pathname = `/${name}`;
    await migrateDatabase(url.toString(), which);
    // Marked last: a template is there whole, or it is made again.
    await admin`ALTER DATABASE ${admin(name)} WITH IS_TEMPLATE true`;
  });
  return name;
}

async function asAdmin<T>(url: string, work: (admin: postgres.Sql<{ bigint: bigint }>) => Promise<T>): Promise<T> {
  const admin = openSql(url, { application: 'test admin', max: 1 });
  return work(admin).finally(() => admin.end({ timeout: 5 }));
}
