import { openSql, type RawSql } from '#db/client.ts';
import { processRoles, vaultRole } from '#db/grants.ts';
import { migrateDatabase } from '#db/migrations.ts';
import { ensureDatabase, ensureRoles } from '#db/roles.ts';
import { Secret, systemRandom, unguessable } from '#server/kernel/secret.ts';

/** A migrated database of a case's own. */
export interface CaseDatabase {
  /** Signed in as a process's role, or as the owner, whom no grant binds. */
  url(role: Role | 'owner'): string;
  drop(): Promise<void>;
}

export type Role = 'web' | 'api' | 'worker' | 'vault';

const roles = { web: 'florin_web', api: 'florin_api', worker: 'florin_worker', vault: 'florin_vault' } as const;
const opens = { florin: processRoles, vault: [vaultRole] };

export interface Databases {
  make(which?: 'florin' | 'vault'): Promise<CaseDatabase>;
}

/** The real migrations, roles and rights, once; every database is a copy of what they come to. */
export async function prepareDatabases(adminUrl: string): Promise<Databases> {
  const password = unguessable(systemRandom);
  const secret = new Secret(password);
  await asAdmin(adminUrl, async (admin) => {
    await ensureRoles(admin, { florin_web: secret, florin_api: secret, florin_worker: secret, florin_vault: secret });
    for (const which of ['florin', 'vault'] as const) {
      await ensureDatabase(admin, `pattern_${which}`, { opens: opens[which] });
      await migrateDatabase(inDatabase(adminUrl, `pattern_${which}`), which);
    }
  });
  let made = 0;
  return {
    async make(which = 'florin') {
      made += 1;
      const name = `bench_${which}_${made}`;
      const template = `pattern_${which}`;
      await asAdmin(adminUrl, (admin) => ensureDatabase(admin, name, { opens: opens[which], template }));
      return {
        url(role) {
          const url = new URL(inDatabase(adminUrl, name));
          if (role === 'owner') return url.toString();
          url.username = roles[role];
          url.password = password;
          return url.toString();
        },
        drop: () =>
          asAdmin(adminUrl, async (admin) => void (await admin`DROP DATABASE IF EXISTS ${admin(name)} WITH (FORCE)`)),
      };
    },
  };
}

function inDatabase(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.toString();
}

/** One question as somebody's role, on a connection of its own. */
export async function asAdmin<T>(url: string, ask: (sql: RawSql) => Promise<T>): Promise<T> {
  const sql = openSql(url, { application: 'bench', max: 1, settings: { statement_timeout: 0 } });
  return ask(sql).finally(() => sql.end({ timeout: 5 }));
}
