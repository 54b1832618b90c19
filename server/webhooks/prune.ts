import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';

const day = 24 * 60 * 60 * 1000;

/** How long things are kept, milliseconds. A signature is too old after five minutes; its nonce outlives that. */
const lifetimes = { nonce: 60 * 60 * 1000, rejected: 30 * day, genuine: 90 * day };

/**
 * The newest of each provider and reason that are kept of what was not genuine, however young the others are. Genuine
 * webhooks, of which there is one per event, go by age alone, the rejected ones too: no flood drives evidence out.
 */
const mostRejected = 10_000;

/** Forgets at most `limit` of each kind that have outlived their time, or their number. Returns how many went. */
export function makePrune({ transact, clock }: { transact: Transact; clock: Clock }) {
  return (limit: number): Promise<number> =>
    transact('webhooks.prune', async (tx) => {
      const before = (lifetime: number) => new Date(clock.now().getTime() - lifetime);
      const gone = [
        await tx`
          DELETE FROM provider_webhook_nonces WHERE ctid IN (
            SELECT ctid FROM provider_webhook_nonces WHERE signed_at < ${before(lifetimes.nonce)} LIMIT ${limit})`,
        await tx`
          DELETE FROM provider_webhook_rejections WHERE ctid IN (
            SELECT ctid FROM provider_webhook_rejections WHERE minute < ${before(lifetimes.rejected)} LIMIT ${limit})`,
        await tx`
          DELETE FROM provider_webhooks WHERE id IN (
            SELECT id FROM provider_webhooks
            WHERE status = 'rejected' AND received_at < ${before(lifetimes.rejected)}
               OR status <> 'received' AND received_at < ${before(lifetimes.genuine)} LIMIT ${limit})`,
        await tooMany(tx, limit),
      ];
      return gone.reduce((sum, { count }) => sum + count, 0);
    });
}

/** Those beyond the number, of every provider and reason. */
function tooMany(tx: RawSql, limit: number) {
  return tx`
    DELETE FROM provider_webhooks WHERE id IN (
      SELECT w.id FROM (SELECT DISTINCT provider, reason FROM provider_webhook_rejections) p
      CROSS JOIN LATERAL (
        SELECT id FROM provider_webhooks WHERE provider = p.provider AND reason = p.reason AND NOT genuine
        ORDER BY received_at DESC OFFSET ${mostRejected} LIMIT ${limit}) w
      LIMIT ${limit})`;
}
