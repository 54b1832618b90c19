import type { Alerts } from '#server/alerts/alerts.ts';
import { type Looks, settleQuiet, watch } from '#server/alerts/watch.ts';
import type { Clock } from '#server/kernel/clock.ts';

/** Milliseconds without another raise after which it is over. Each process looks at its providers every 15 seconds. */
const quiet = { provider_down: 60_000, webhooks_rejected: 60 * 60_000 } as const;

/** Looks once at what nobody reports by itself, and ends what has been quiet. */
export async function lookForTrouble({ alerts, clock }: { alerts: Alerts; clock: Clock }, looks: Looks): Promise<0> {
  await watch(alerts, looks);
  const now = clock.now().getTime();
  await settleQuiet(alerts, 'provider_down', new Date(now - quiet.provider_down));
  await settleQuiet(alerts, 'webhooks_rejected', new Date(now - quiet.webhooks_rejected));
  return 0;
}
