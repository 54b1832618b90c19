import type { RawSql } from '#db/client.ts';

/** A key may be forgotten once it is so old; after that it is a new key. */
const lifetime = 24 * 60 * 60 * 1000;

/** Forgets at most `limit` keys that have outlived their day. Returns how many. */
export async function prune(sql: RawSql, now: Date, limit: number): Promise<number> {
  const gone = await sql`
    DELETE FROM idempotency_keys WHERE (merchant_id, key) IN (
      SELECT merchant_id, key FROM idempotency_keys
      WHERE claimed_at < ${new Date(now.getTime() - lifetime)} LIMIT ${limit})
    RETURNING key`;
  return gone.length;
}
