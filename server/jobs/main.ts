import { channelSettings, makeChannels } from '#server/alerts/channels.ts';
import { makeHttpWarehouse, readWarehouses, requireSecureWarehouses } from '#server/checkout/warehouse-http.ts';
import { compose } from '#server/composition/rooms.ts';
import { commonSettings } from '#server/composition/settings.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { port, readEnv } from '#server/kernel/env.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { serveHealth } from '#server/observability/health.ts';
import { makeLog } from '#server/observability/log.ts';
import { runProcess } from '#server/observability/process.ts';
import { startTracing } from '#server/observability/trace.ts';
import { makePrune } from '#server/webhooks/prune.ts';
import { consumerJobs } from './consume.ts';
import { every, type Job } from './every.ts';
import { measureLog } from './measure-log.ts';
import { lookForTrouble } from './trouble.ts';

const settings = {
  ...commonSettings,
  ...channelSettings,
  FLORIN_WAREHOUSE: { read: readWarehouses, purpose: 'who sends what was paid for, as JSON by merchant', fallback: [] },
  FLORIN_WORKER_PORT: { read: port, purpose: 'the port of the health and metrics answers' },
};

/** The worker: what has to happen although nobody asks for it now. */
await runProcess(async () => {
  const told = readEnv(settings);
  const log = makeLog('worker');
  const tracing = startTracing({ service: 'worker' });
  const channels = makeChannels(told);
  if (told.FLORIN_MODE === 'live') requireSecureWarehouses(told.FLORIN_WAREHOUSE);
  const warehouses = new Map(told.FLORIN_WAREHOUSE.map((one) => [one.merchantId, makeHttpWarehouse(one)]));
  const seams = { service: 'worker', clock: systemClock, random: systemRandom, log, channels, warehouses } as const;
  const rooms = compose(told, seams);
  const jobs: Job[] = [
    // One for each provider: whoever hangs holds up nobody else's questions.
    ...rooms.providers.names().map((name) => {
      return {
        name: `sweep ${name}`,
        pause: 1_000,
        limit: 100,
        run: (limit: number) => rooms.payments.sweep(limit, name),
      };
    }),
    { name: 'try queued payments', pause: 1_000, limit: 50, run: (limit) => rooms.payments.dequeue(limit) },
    { name: 'settle holds', pause: 60_000, limit: 100, run: (limit) => rooms.payments.settleHolds(limit) },
    { name: 'sweep sessions', pause: 5_000, limit: 100, run: (limit) => rooms.checkout.sweep(limit) },
    { name: 'fulfil orders', pause: 500, limit: 20, run: (limit) => rooms.orders.fulfil(limit) },
    { name: 'compensate orders', pause: 500, limit: 20, run: (limit) => rooms.orders.compensate(limit) },
    { name: 'alert of orders', pause: 5_000, limit: 20, run: (limit) => rooms.orders.alert(limit) },
    { name: 'webhooks', pause: 1_000, limit: 100, run: (limit) => rooms.webhooks.process(limit) },
    { name: 'prune webhooks', pause: 60_000, limit: 1_000, run: makePrune(rooms) },
    { name: 'prune keys', pause: 60_000, limit: 1_000, run: (limit) => rooms.keys.prune(limit) },
    { name: 'measure the log', pause: 5_000, limit: 1, run: () => measureLog(rooms) },
    { name: 'deliver alerts', pause: 1_000, limit: 20, run: (limit) => rooms.alerts.deliver(limit) },
    { name: 'look for trouble', pause: 15_000, limit: 1, run: () => lookForTrouble(rooms) },
    ...consumerJobs(rooms),
  ];
  const health = await serveHealth({ port: told.FLORIN_WORKER_PORT, ready: rooms.ready });
  log.info({ port: health.port, mode: rooms.mode }, 'listening');
  for (const name of channels.off) log.warn({ name }, 'alerts are not sent by this channel: it is not set up');
  const stopping = new AbortController();
  const working = jobs.map((job) => every(job, { clock: systemClock, log, signal: stopping.signal }));
  return {
    log,
    async stop() {
      stopping.abort();
      await Promise.all(working);
      await health.close();
      await Promise.all([rooms.close(), channels.close()]);
      await tracing.stop();
    },
  };
});
