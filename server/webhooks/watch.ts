import type { RawSql } from '#db/client.ts';
import type { NewAlert } from '#server/alerts/alerts.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { WebhookReason } from './webhooks.ts';

/** Minutes that are looked back over, and rejections in them from which on somebody is told. */
const lookBack = 5;
const tooMany = 20;

/**
 * Providers of whom many webhooks are rejected at this moment: somebody is trying, or a secret was changed on one side
 * only.
 */
export async function webhooksRejected({ sql, clock }: { sql: RawSql; clock: Clock }): Promise<NewAlert[]> {
  const since = new Date(clock.now().getTime() - lookBack * 60_000);
  const rows = await sql<{ provider: string; reason: WebhookReason; times: number }[]>`
    SELECT provider, reason, sum(times)::int AS times FROM provider_webhook_rejections WHERE minute >= ${since}
    GROUP BY provider, reason ORDER BY sum(times) DESC`;
  return [...Map.groupBy(rows, ({ provider }) => provider)].flatMap(([provider, own]): NewAlert[] => {
    const times = own.reduce((sum, row) => sum + row.times, 0);
    if (times < tooMany) return [];
    const title = `${times} webhooks that claim to come from ${provider} were rejected in the last ${lookBack} minutes`;
    const detail = Object.fromEntries(own.map((row) => [row.reason, String(row.times)]));
    const path = `/admin/webhooks?verdict=rejected&provider=${encodeURIComponent(provider)}`;
    return [{ kind: 'webhooks_rejected', merchantId: null, subject: provider, title, detail, path }];
  });
}

/** Milliseconds after which somebody should know that a webhook waits: the worker has tried it twice by then. */
const patience = 180_000;

/** Genuine webhooks that are stored and that nobody manages to act on. */
export async function webhooksStuck({ sql, clock }: { sql: RawSql; clock: Clock }): Promise<NewAlert[]> {
  const now = clock.now().getTime();
  const [row] = await sql<{ waiting: number; since: Date | null }[]>`
    SELECT count(*)::int AS waiting, min(received_at) AS since FROM provider_webhooks
    WHERE status = 'received' AND last_received_at < ${new Date(now - patience)}`;
  if (!row?.since) return [];
  const detail = {
    Webhooks: String(row.waiting),
    'Longest wait': `${Math.floor((now - row.since.getTime()) / 1000)} s`,
  };
  const title = 'Webhooks are stored and not acted on: look into the log of the worker';
  const path = '/admin/webhooks?verdict=waiting';
  return [{ kind: 'queue_stuck', merchantId: null, subject: 'webhooks', title, detail, path }];
}
