import type { RawSql } from '#db/client.ts';
import type { Alerts } from '#server/alerts/alerts.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Providers } from '#server/providers/contract.ts';
import type { WebhookReason } from './webhooks.ts';

/** Minutes that are looked back over, and rejections in them from which on somebody is told. */
const lookBack = 5;
const tooMany = 20;

export interface WatchSeams {
  sql: RawSql;
  clock: Clock;
  alerts: Pick<Alerts, 'raise' | 'resolve'>;
  providers: Pick<Providers, 'names'>;
}

/**
 * Tells people where many webhooks of a provider are rejected: somebody is trying, or a secret was changed on one side
 * only. The alert ends by itself. For the worker; returns how many alerts are on.
 */
export function makeWatch({ sql, clock, alerts, providers }: WatchSeams) {
  return async (): Promise<number> => {
    const since = new Date(clock.now().getTime() - lookBack * 60_000);
    const rows = await sql<{ provider: string; reason: WebhookReason; times: number }[]>`
      SELECT provider, reason, sum(times)::int AS times FROM provider_webhook_rejections WHERE minute >= ${since}
      GROUP BY provider, reason ORDER BY sum(times) DESC`;
    let on = 0;
    for (const provider of providers.names()) {
      const own = rows.filter((row) => row.provider === provider);
      const times = own.reduce((sum, row) => sum + row.times, 0);
      if (times < tooMany) await alerts.resolve('webhooks_rejected', provider);
      else {
        on++;
        await alerts.raise({
          kind: 'webhooks_rejected',
          merchantId: null,
          subject: provider,
          title: `${times} webhooks that claim to come from ${provider} were rejected in the last ${lookBack} minutes.`,
          detail: Object.fromEntries(own.map((row) => [row.reason, String(row.times)])),
          path: `/admin/webhooks?verdict=rejected&provider=${encodeURIComponent(provider)}`,
        });
      }
    }
    return on;
  };
}
