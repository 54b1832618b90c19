import type { Sql } from '../judge/evidence.ts';

export interface Ways {
  /** How often each step of the table of moves was taken: `authorized begin_capture`. */
  edges: Record<string, number>;
  /** By payment: what happened to it, in its order, without times, ids and amounts. */
  ways: string[];
}

/** The ways that payments took through their states, as the log has them. */
export async function waysOf(sql: Sql): Promise<Ways> {
  const steps = await sql<{ edge: string; n: number }[]>`
    SELECT coalesce(from_state || ' ', '') || trigger AS edge, count(*)::int AS n FROM events GROUP BY 1 ORDER BY 1`;
  const ways = await sql<{ way: string }[]>`
    SELECT string_agg(e.trigger || coalesce('/' || o.provider, ''), ' ' ORDER BY e.seq) AS way
    FROM events e LEFT JOIN operations o ON o.id = e.operation_id GROUP BY e.payment_id ORDER BY 1`;
  return {
    edges: Object.fromEntries(steps.map(({ edge, n }) => [edge, n])),
    ways: ways.map(({ way }) => way),
  };
}
