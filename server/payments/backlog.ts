import { unclosedStatuses } from '#db/schema/payments.ts';
import type { Backlog } from './payments.ts';
import type { Room } from './room.ts';

/** Read off two small indexes: what is queued, and what is unclosed. */
export async function backlog({ sql, clock, queueFor }: Room): Promise<Backlog> {
  const now = clock.now();
  const queued = await sql<{ merchantId: string; payments: number; until: Date }[]>`
    SELECT merchant_id AS "merchantId", count(*)::int AS payments, min(queued_until) AS until
    FROM payments WHERE try_at IS NOT NULL GROUP BY merchant_id ORDER BY until LIMIT 1000`;
  const [unasked] = await sql<{ operations: number; since: Date | null }[]>`
    SELECT count(*)::int AS operations, min(ask_at) AS since FROM operations
    WHERE status IN ${sql(unclosedStatuses)} AND ask_at <= ${now}`;
  return {
    queued: queued.map(({ until, ...rest }) => ({ ...rest, since: new Date(until.getTime() - queueFor) })),
    unasked: unasked?.since ? { operations: unasked.operations, since: unasked.since } : null,
  };
}
