import type { RawSql } from './client.ts';

/** What the database's clock says at this moment, and not when a transaction began. */
export async function readTime(sql: RawSql): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`SELECT clock_timestamp() AS now`;
  return (row as { now: Date }).now;
}
