import type { Sql } from '../judge/evidence.ts';

/**
 * Whether anything is left to be done in the database, by itself or by a person: as long as there is, the world is let
 * go on. What ought to be done and is not, the judge says.
 */
export async function restless(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ restless: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM operations WHERE closed_at IS NULL)
      OR EXISTS (SELECT 1 FROM payments WHERE try_at IS NOT NULL OR review = 'open')
      OR EXISTS (SELECT 1 FROM provider_webhooks WHERE status = 'received')
      OR EXISTS (SELECT 1 FROM escalations WHERE closed_at IS NULL)
      OR EXISTS (SELECT 1 FROM parked_events WHERE status = 'trying')
      OR EXISTS (SELECT 1 FROM fulfilments WHERE status IN ('due', 'asked'))
      OR EXISTS (SELECT 1 FROM compensations WHERE status = 'due')
      OR EXISTS (
        SELECT 1 FROM event_cursors c
        WHERE EXISTS (
          SELECT 1 FROM events e
          WHERE (e.epoch, e.tx, e.payment_id, e.seq) > (c.epoch, c.tx, c.payment_id, c.seq))) AS restless`;
  return row?.restless ?? true;
}
