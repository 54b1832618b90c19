import type { NewAlert } from '#server/alerts/alerts.ts';
import { consumersBehind, logHeldUp } from '#server/alerts/behind.ts';
import { eventsGivenUp } from '#server/alerts/parked.ts';
import { settleQuiet, watch } from '#server/alerts/watch.ts';
import type { Composition } from '#server/composition/rooms.ts';
import { logStall } from '#server/events/read.ts';
import type { Backlog } from '#server/payments/payments.ts';
import { webhooksRejected, webhooksStuck } from '#server/webhooks/watch.ts';

/** Milliseconds without another raise after which it is over. Each process looks at its providers every 15 seconds. */
const quietAfter = 60_000;
const mostParked = 200;

/** Looks once at what nobody reports by itself, and ends what has been quiet. */
export async function lookForTrouble(
  rooms: Pick<Composition, 'alerts' | 'bus' | 'clock' | 'consumers' | 'payments' | 'sql'>,
): Promise<0> {
  const { alerts, bus, clock, consumers, payments, sql } = rooms;
  await watch(alerts, {
    consumer_behind: async () => [
      ...consumersBehind(await bus.standings(consumers)),
      ...logHeldUp(await logStall(sql, clock.now())),
    ],
    event_parked: async () => eventsGivenUp(await bus.givenUp(mostParked)),
    queue_stuck: async () => [...queuesStuck(await payments.backlog(), clock.now()), ...(await webhooksStuck(rooms))],
    webhooks_rejected: () => webhooksRejected(rooms),
  });
  await settleQuiet(alerts, 'provider_down', new Date(clock.now().getTime() - quietAfter));
  return 0;
}

/** What waits for so long that somebody should know, in milliseconds. Both queues empty themselves when all is well. */
const patience = 120_000;

/** Payments that no provider takes, merchant by merchant, and operations that nobody gets round to asking about. */
export function queuesStuck({ queued, unasked }: Backlog, now: Date): NewAlert[] {
  const waited = (since: Date) => now.getTime() - since.getTime();
  const lasts = (since: Date) => ({ 'Longest wait': `${Math.floor(waited(since) / 1000)} s` });
  const payments = queued
    .filter(({ since }) => waited(since) > patience)
    .map(({ merchantId, payments: count, since }): NewAlert => {
      const title = 'Payments are queued: no provider takes charges, and shoppers wait';
      const detail = { Payments: String(count), ...lasts(since) };
      return {
        kind: 'queue_stuck',
        merchantId,
        subject: `payments:${merchantId}`,
        title,
        detail,
        path: '/admin/payments',
      };
    });
  if (!unasked || waited(unasked.since) <= patience) return payments;
  const title =
    'Operations without an answer are not asked about in time: more workers are needed, or a provider hangs';
  const detail = { Operations: String(unasked.operations), ...lasts(unasked.since) };
  return [...payments, { kind: 'queue_stuck', merchantId: null, subject: 'operations', title, detail }];
}
