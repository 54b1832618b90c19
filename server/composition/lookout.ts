import type { Alerts } from '#server/alerts/alerts.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Log } from '#server/observability/log.ts';
import type { Providers } from '#server/providers/contract.ts';

/** Milliseconds. */
const interval = 15_000;

interface Seams {
  service: string;
  providers: Providers;
  alerts: Alerts;
  clock: Clock;
  log: Log;
}

/**
 * Raises an alert for each provider that this process sends no new charges to. Each process has a breaker of its own
 * and knows nothing of the others': all raise one alert, and it is over when it has been quiet (the worker sees to
 * that).
 *
 * @returns What ends it.
 */
export function lookOut(seams: Seams): () => void {
  let forget = () => {};
  const again = () => {
    forget = seams.clock.after(interval, () => void look(seams).finally(again));
  };
  again();
  return () => forget();
}

async function look({ service, providers, alerts, log }: Seams): Promise<void> {
  try {
    for (const { name, charges, successRate } of providers.health()) {
      if (charges !== 'open') continue;
      await alerts.raise({
        kind: 'provider_down',
        merchantId: null,
        subject: name,
        title: `The provider ${name} takes no charges: payments go to others, or wait`,
        detail: {
          Provider: name,
          'Seen by': service,
          ...(successRate !== null && { 'Of the last charges': `${Math.round(successRate * 100)} % answered well` }),
        },
      });
    }
  } catch (error) {
    log.error({ error }, 'the providers could not be looked at');
  }
}
