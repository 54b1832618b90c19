import { consumersBehind } from '#server/alerts/behind.ts';
import { eventsGivenUp } from '#server/alerts/parked.ts';
import { settleQuiet, watch } from '#server/alerts/watch.ts';
import type { Composition } from '#server/composition/rooms.ts';

/** Milliseconds without another raise after which it is over. Each process looks at its providers every 15 seconds. */
const quiet = { provider_down: 60_000, webhooks_rejected: 60 * 60_000 } as const;
const mostParked = 200;

/** Looks once at what nobody reports by itself, and ends what has been quiet. */
export async function lookForTrouble(rooms: Pick<Composition, 'alerts' | 'bus' | 'clock' | 'consumers'>): Promise<0> {
  const { alerts, bus, clock, consumers } = rooms;
  await watch(alerts, {
    consumer_behind: async () => consumersBehind(await bus.standings(consumers)),
    event_parked: async () => eventsGivenUp(await bus.givenUp(mostParked)),
  });
  const now = clock.now().getTime();
  await settleQuiet(alerts, 'provider_down', new Date(now - quiet.provider_down));
  await settleQuiet(alerts, 'webhooks_rejected', new Date(now - quiet.webhooks_rejected));
  return 0;
}
