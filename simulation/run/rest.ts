import type { Sql } from '../judge/evidence.ts';

/**
 * What is left to be done in the database, by itself or by a person: as long as there is anything, the world is let go
 * on. What ought to be done and is not, the judge says.
 *
 * @param files  How many settlement files the acquirers have.
 * @returns In words; undefined where it is at rest.
 */
export async function restless(sql: Sql, files: number): Promise<string | undefined> {
  const [row] = await sql<{ what: string | null }[]>`
    SELECT concat_ws(', ',
      (SELECT count(*) || ' operations are unclosed' FROM operations WHERE closed_at IS NULL HAVING count(*) > 0),
      (SELECT count(*) || ' payments wait for a provider' FROM payments WHERE try_at IS NOT NULL HAVING count(*) > 0),
      (SELECT count(*) || ' reviews are open' FROM payments WHERE review = 'open' HAVING count(*) > 0),
      (SELECT count(*) || ' webhooks wait' FROM provider_webhooks WHERE status = 'received' HAVING count(*) > 0),
      (SELECT count(*) || ' escalations are open' FROM escalations WHERE closed_at IS NULL HAVING count(*) > 0),
      (SELECT count(*) || ' events are parked' FROM parked_events WHERE status <> 'failed' HAVING count(*) > 0),
      (SELECT ${files} - count(*) || ' settlement files wait' FROM settlement_files WHERE status = 'posted'
        HAVING count(*) < ${files}),
      (SELECT count(*) || ' goods wait' FROM fulfilments WHERE status IN ('due', 'asked') HAVING count(*) > 0),
      (SELECT count(*) || ' compensations wait' FROM compensations WHERE status = 'due' HAVING count(*) > 0),
      (SELECT count(*) || ' consumers are behind' FROM event_cursors c
        WHERE EXISTS (
          SELECT 1 FROM events e
          WHERE (e.epoch, e.tx, e.payment_id, e.seq) > (c.epoch, c.tx, c.payment_id, c.seq))
        HAVING count(*) > 0)) AS what`;
  return row?.what || undefined;
}
