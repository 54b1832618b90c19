import type { Sql } from '../judge/evidence.ts';

export interface Ways {
  /** How often each step of the table of moves was taken: `authorized begin_capture`. */
  edges: Record<string, number>;
  /** By payment: what happened to it and which faults it met, without times, ids and amounts. */
  ways: string[];
}

/**
 * The ways that payments took through their states, as the log has them.
 *
 * @param met  By payment of the plan: the kinds of faults that it met.
 */
export async function waysOf(sql: Sql, met: ReadonlyMap<number, ReadonlySet<string>>): Promise<Ways> {
  const steps = await sql<{ edge: string; n: number }[]>`
    SELECT coalesce(from_state || ' ', '') || trigger AS edge, count(*)::int AS n FROM events GROUP BY 1 ORDER BY 1`;
  const ways = await sql<{ way: string; n: number }[]>`
    SELECT string_agg(e.trigger || coalesce('/' || o.provider, ''), ' ' ORDER BY e.seq) AS way,
      (i.metadata ->> 'payment')::int AS n
    FROM events e JOIN payments p ON p.id = e.payment_id JOIN intents i ON i.id = p.intent_id
      LEFT JOIN operations o ON o.id = e.operation_id
    GROUP BY e.payment_id, i.metadata ORDER BY 1, 2`;
  return {
    edges: Object.fromEntries(steps.map(({ edge, n }) => [edge, n])),
    ways: ways.map(({ way, n }) => [way, ...[...(met.get(n) ?? [])].sort()].join(' ')),
  };
}
