import { openSql, type RawSql } from '#db/client.ts';

/** One connection, and what PostgreSQL calls the other end of it. */
export interface Backend {
  sql: RawSql;
  pid: number;
  /** In the midst of a transaction. */
  busy: boolean;
}

/** @param role  Whose rights it has, where they are not those of who signs in. */
export async function openBackend(url: string, application: string, role?: string): Promise<Backend> {
  const sql = openSql(url, { application, max: 1, ...(role && { role }) });
  const [row] = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  if (!row) throw new Error('a backend has a number');
  return { sql, pid: row.pid, busy: false };
}
