import type { RawSql } from '#db/client.ts';
import { looksFew } from './few.ts';

/** Somebody is about to pay. */
export interface Press {
  sessionId: string;
  merchantId: string;
  now: Date;
  email: string | null;
}

/**
 * What a press came to. `first`: nobody has pressed before, so that there is no intent yet. `closed`: the session is
 * closed or over, or somebody else held it and was not waited for; nothing was noted.
 */
export type Pressed = 'first' | 'again' | 'closed';

/**
 * Notes that somebody is about to pay; by place. The same row decides who came first, the shopper's press or the
 * merchant's `expire`. Only who stands alone waits for a row: with several, one that is held would keep all the others
 * waiting, and be waited for in turn.
 */
export async function markAttempts(tx: RawSql, presses: readonly Press[]): Promise<Pressed[]> {
  const rows = presses.map(({ sessionId, merchantId, now, email }, n) => {
    return { n, id: sessionId, merchant_id: merchantId, now, email };
  });
  const marked = await tx<{ n: number; id: string; before: Date | null }[]>`
    WITH input AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${JSON.stringify(rows)}::text::json)
        AS r (n int, id uuid, merchant_id uuid, now timestamptz, email text)
      ORDER BY r.id, r.n),
    held AS MATERIALIZED (
      SELECT i.n, i.id, i.now, i.email, s.attempted_at FROM input i CROSS JOIN LATERAL (
        SELECT attempted_at FROM checkout_sessions
        WHERE id = i.id AND merchant_id = i.merchant_id AND status = 'open' AND expires_at > i.now
        FOR NO KEY UPDATE ${presses.length > 1 ? tx`SKIP LOCKED` : tx``}) s),
    marked AS (
      UPDATE checkout_sessions s SET attempted_at = coalesce(h.attempted_at, h.now), shopper_email = h.email
      FROM (SELECT DISTINCT ON (id) * FROM held WHERE ${looksFew(tx)} ORDER BY id, n DESC) h WHERE s.id = h.id)
    SELECT n, id, attempted_at AS before FROM held ORDER BY n`;
  const seen = new Set<string>();
  const said = presses.map((): Pressed => 'closed');
  for (const { n, id, before } of marked) {
    said[n] = before || seen.has(id) ? 'again' : 'first';
    seen.add(id);
  }
  return said;
}
