import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import type { Figures } from './count.ts';
import { quantile } from './latency.ts';

export interface HourView extends Omit<Figures, 'merchantId' | 'answersWithin'> {
  /** Approved of those that were answered, 0 to 1; null where none was. */
  successRate: number | null;
  /** Milliseconds within which half of the answers came, and 99 of 100; see `quantile`. */
  median: number | null;
  p99: number | null;
}

const hoursAtMost = 1_000;

/** A merchant's hours from `from` (inclusive) to `to` (exclusive), newest first. At most 1,000 rows. */
export async function figures(
  sql: RawSql,
  caller: Caller,
  { from, to }: { from: Date; to: Date },
): Promise<HourView[]> {
  requirePermission(caller, 'payments:read');
  const rows = await sql<Omit<Figures, 'merchantId'>[]>`
    SELECT hour, provider, currency, asked, approved, declined, unanswered, authorized, captures, captured, refunds,
      refunded, answers_within AS "answersWithin"
    FROM hourly_figures WHERE merchant_id = ${caller.merchantId} AND hour >= ${from} AND hour < ${to}
    ORDER BY hour DESC, provider, currency LIMIT ${hoursAtMost}`;
  return rows.map(({ answersWithin, ...row }) => {
    const answered = row.approved + row.declined;
    return {
      ...row,
      successRate: answered === 0 ? null : row.approved / answered,
      median: quantile(answersWithin, 0.5),
      p99: quantile(answersWithin, 0.99),
    };
  });
}
