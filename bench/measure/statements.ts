import { asAdmin } from '../house/databases.ts';

/** What PostgreSQL needs to add up statements. */
export const profiled = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'all',
  'pg_stat_statements.track_planning': 'on',
  compute_query_id: 'on',
};

interface Row {
  calls: bigint;
  /** Milliseconds, of the clock: what others take of the processor counts, too. */
  total: number;
  planning: number;
  plans: bigint;
  mean: number;
  rows: bigint;
  wal: number;
  query: string;
}

/** The statements that took the most of PostgreSQL since the last look, longest first; then begins anew. */
export function busiest(adminUrl: string, limit = 14): Promise<string[]> {
  return asAdmin(adminUrl, async (sql) => {
    await sql`CREATE EXTENSION IF NOT EXISTS pg_stat_statements`;
    const rows = await sql<Row[]>`
      SELECT calls, total_exec_time + total_plan_time AS total, total_plan_time AS planning, plans,
        mean_exec_time AS mean, rows, wal_bytes::float8 AS wal,
        regexp_replace(query, '\\s+', ' ', 'g') AS query
      FROM pg_stat_statements ORDER BY total_exec_time + total_plan_time DESC LIMIT ${limit}`;
    await sql`SELECT pg_stat_statements_reset()`;
    return rows.map(({ calls, total, planning, plans, mean, rows, wal, query }) => {
      const figures = [
        `${total.toFixed(0)} ms`,
        `${calls} calls`,
        `planned ${plans} × in ${planning.toFixed(0)} ms`,
        `${mean.toFixed(3)} ms each`,
        `${rows} rows`,
      ];
      return `  ${figures.join(', ')}, ${Math.round(wal / 1024)} kB WAL: ${query.slice(0, 150)}`;
    });
  });
}
