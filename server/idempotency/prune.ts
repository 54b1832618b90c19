import type { RawSql } from '#db/client.ts';
import { type Clock, hasPassed } from '#server/kernel/clock.ts';

/** A key may be forgotten once it is so old; after that it is a new key. */
const lifetime = 24 * 60 * 60 * 1000;

/** Forgets at most `limit` keys that have outlived their day. Returns how many. */
export async function prune(sql: RawSql, clock: Clock, limit: number): Promise<number> {
  const now = clock.now();
  const since = new Date(now.getTime() - lifetime);
  // A clock that was set forward makes no key old.
  if (!hasPassed(clock, { since, until: now, now })) return 0;
  const gone = await sql`
    DELETE FROM idempotency_keys WHERE (merchant_id, key) IN (
      SELECT merchant_id, key FROM idempotency_keys
      WHERE claimed_at < ${since} LIMIT ${limit})
    RETURNING key`;
  return gone.length;
}
