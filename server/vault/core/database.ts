import postgres, { type Sql } from 'postgres';
import { addressOf } from '#server/kernel/database-address.ts';
import type { Secret } from '#server/kernel/secret.ts';

/** The vault's own database, as the vault's role; `bigint` for int8. */
export type VaultSql = Sql<{ bigint: bigint }>;

export function openVault(url: Secret): VaultSql {
  const { address, ...socket } = addressOf(url.reveal());
  return postgres(address, {
    ...socket,
    max: 8,
    connect_timeout: 10,
    onnotice: () => {},
    // The driver would ask for array types in a promise that nobody awaits, and there are none here.
    fetch_types: false,
    types: { bigint: postgres.BigInt },
    connection: {
      application_name: 'vault',
      // Nothing here takes long, and a long write anywhere on the server would stall the payments' event log.
      statement_timeout: 5_000,
      idle_in_transaction_session_timeout: 5_000,
      // All rows are found by a key, whatever the parameters are: a statement is planned once, and a plan that was made
      // while a table was small does not read all of it when it has grown.
      plan_cache_mode: 'force_generic_plan',
      enable_seqscan: 'off',
    },
  });
}

/**
 * True of an error that one row of a set-based statement may have brought about: SQLSTATE classes 22 (data), 23
 * (integrity) and 40 (rollback).
 */
export function isOfOneRow(error: unknown): boolean {
  return /^(22|23|40)/.test(String(Object(error).code));
}
