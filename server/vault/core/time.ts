import type { VaultSql } from './database.ts';

/** What the vault's database says of time at this moment. */
export async function readTime(sql: VaultSql): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  return (row as { now: Date }).now;
}
