import type { Secret } from '#server/kernel/secret.ts';
import type { RawSql } from './client.ts';
import { moverRole, processRoles, type vaultRole } from './grants.ts';

/** A login role per process, with its password. */
export type Passwords = Record<(typeof processRoles)[number] | typeof vaultRole, Secret>;

/**
 * Makes the cluster's roles, or brings their passwords up to date. Roles belong to the cluster and not to one database,
 * so that migrations, which run once per database, cannot make them.
 */
export async function ensureRoles(admin: RawSql, passwords: Passwords): Promise<void> {
  await ensureRole(admin, moverRole);
  for (const [role, password] of Object.entries(passwords)) {
    await ensureRole(admin, role);
    const quoted = await admin<{ text: string }[]>`SELECT quote_literal(${password.reveal()}) AS text`;
    await admin.unsafe(`ALTER ROLE "${role}" LOGIN PASSWORD ${quoted[0]?.text}`);
  }
  for (const role of processRoles) await admin`GRANT ${admin(moverRole)} TO ${admin(role)}`;
}

async function ensureRole(admin: RawSql, role: string): Promise<void> {
  const known = await admin`SELECT 1 FROM pg_roles WHERE rolname = ${role}`;
  if (known.length === 0) await admin`CREATE ROLE ${admin(role)} NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOINHERIT`;
}

/**
 * Makes a database where it is missing, as a copy of `template` if one is named. Only roles that `opens` names may
 * connect, and none of them may make tables, not even temporary ones. A copy has its template's tables but not its
 * rights, so they are said for each.
 */
export async function ensureDatabase(
  admin: RawSql,
  name: string,
  { opens, template = 'template1' }: { opens: readonly string[]; template?: string },
): Promise<void> {
  const known = await admin`SELECT 1 FROM pg_database WHERE datname = ${name}`;
  if (known.length === 0) await admin`CREATE DATABASE ${admin(name)} TEMPLATE ${admin(template)}`;
  await admin`REVOKE ALL ON DATABASE ${admin(name)} FROM PUBLIC`;
  for (const role of opens) await admin`GRANT CONNECT ON DATABASE ${admin(name)} TO ${admin(role)}`;
}
