import type { RawSql } from './client.ts';

/**
 * Raises the event log's epoch where the log was restored into a server whose transaction ids are behind the log's:
 * an event that nobody can have written yet is the sign of it. Nothing may write events meanwhile.
 *
 * @returns Whether it was raised.
 */
export async function raiseLogEpoch(owner: RawSql): Promise<boolean> {
  const [ahead] = await owner<{ epoch: number }[]>`
    SELECT epoch FROM events
    WHERE epoch = log_epoch() AND tx >= pg_snapshot_xmax(pg_current_snapshot())
    ORDER BY epoch, tx LIMIT 1`;
  if (!ahead) return false;
  await owner.unsafe(
    `CREATE OR REPLACE FUNCTION log_epoch() RETURNS int LANGUAGE sql STABLE AS 'SELECT ${ahead.epoch + 1}'`,
  );
  return true;
}
