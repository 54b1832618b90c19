import type { Clock } from '#server/kernel/clock.ts';
import type { Log } from '#server/observability/log.ts';
import type { VaultSql } from './database.ts';
import type { VerificationCodes } from './verification-codes.ts';

const every = 30_000;
/** Far longer than any request stays under way: a claim that is gone could be made again. */
const claimsKept = 30 * 86_400_000;
/** Rows per statement, so that none of them takes long. */
const atOnce = 5_000;

export interface RetentionSeams {
  sql: VaultSql;
  codes: VerificationCodes;
  clock: Clock;
  log: Log;
}

/** Deletes what has had its time: sealed cards and grants when they expire, claims after a month, codes from memory. */
export async function deleteExpired({ sql, codes, clock }: Omit<RetentionSeams, 'log'>): Promise<number> {
  const now = clock.now();
  codes.dropExpired();
  const cards = await sql`
    DELETE FROM tokens WHERE id IN (SELECT id FROM tokens WHERE expires_at <= ${now} LIMIT ${atOnce})`;
  const grants = await sql`
    DELETE FROM grants WHERE hash IN (SELECT hash FROM grants WHERE expires_at <= ${now} LIMIT ${atOnce})`;
  const claims = await sql`
    DELETE FROM sends WHERE ctid IN (
      SELECT ctid FROM sends WHERE taken_at <= ${new Date(now.getTime() - claimsKept)} LIMIT ${atOnce})`;
  return cards.count + grants.count + claims.count;
}

/** Runs it every half minute, at once again while there is more. @returns a function that ends it. */
export function startRetention(seams: RetentionSeams): () => void {
  let forget = () => {};
  let ended = false;
  const run = async () => {
    try {
      const count = await deleteExpired(seams);
      if (count > 0) seams.log.info({ count }, 'retention: expired records were deleted');
      if (count >= atOnce && !ended) return void run();
    } catch (error) {
      seams.log.error({ error }, 'retention: expired records could not be deleted');
    }
    if (!ended) forget = seams.clock.after(every, run);
  };
  forget = seams.clock.after(every, run);
  return () => {
    ended = true;
    forget();
  };
}
