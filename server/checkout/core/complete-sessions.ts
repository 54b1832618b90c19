import type { RawSql } from '#db/client.ts';
import { looksFew } from './few.ts';

/** A session whose payment is made, and when its shopper's part was done. */
export interface Completed {
  sessionId: string;
  at: Date;
}

/**
 * Their payments are made: the sessions are complete, where nobody has looked at them and closed them before. Rows are
 * locked in one order, as by all who write many.
 */
export async function completeSessions(tx: RawSql, completed: readonly Completed[]): Promise<void> {
  if (completed.length === 0) return;
  const rows = completed.map(({ sessionId, at }, n) => ({ n, id: sessionId, at }));
  await tx`
    WITH input AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::text::json) AS r (n int, id uuid, at timestamptz)
      ORDER BY r.id),
    held AS MATERIALIZED (
      SELECT i.n, i.at, s.id FROM input i CROSS JOIN LATERAL (
        SELECT id FROM checkout_sessions WHERE id = i.id AND status = 'open' FOR NO KEY UPDATE) s)
    UPDATE checkout_sessions s SET status = 'complete', closed_at = h.at
    FROM (SELECT * FROM held WHERE ${looksFew(tx)}) h WHERE s.id = h.id`;
}
