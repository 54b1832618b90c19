import type { Failpoint } from '#db/transaction.ts';
import { channelSettings, makeChannels } from '#server/alerts/channels.ts';
import { makeHttpWarehouse, readWarehouses, requireSecureWarehouses } from '#server/checkout/warehouse-http.ts';
import { compose } from '#server/composition/rooms.ts';
import { commonSettings } from '#server/composition/settings.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { port, readEnv } from '#server/kernel/env.ts';
import { followedClock } from '#server/kernel/followed-clock.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { tellClockSet } from '#server/observability/clock-set.ts';
import { serveHealth } from '#server/observability/health.ts';
import { makeLog } from '#server/observability/log.ts';
import { runProcess } from '#server/observability/process.ts';
import { startTracing } from '#server/observability/trace.ts';
import { readSettlementSettings } from '#server/reconciliation/intake/settings.ts';
import { every } from './every.ts';
import { jobsOf } from './jobs.ts';

const settings = {
  ...commonSettings,
  ...channelSettings,
  FLORIN_WAREHOUSE: { read: readWarehouses, purpose: 'who sends what was paid for, as JSON by merchant', fallback: [] },
  FLORIN_SETTLEMENTS: {
    read: readSettlementSettings,
    purpose: 'where settlement files are fetched from and by when, as JSON by provider',
    fallback: new Map(),
  },
  FLORIN_WORKER_PORT: { read: port, purpose: 'the port of the health and metrics answers' },
};

/** The worker: what has to happen although nobody asks for it now. A test hands in a failpoint, to kill it there. */
export const runWorker = ({ failpoint }: { failpoint?: Failpoint } = {}) =>
  runProcess(async () => {
    const told = readEnv(settings);
    const log = makeLog('worker');
    const tracing = startTracing({ service: 'worker' });
    const channels = makeChannels(told);
    if (told.FLORIN_MODE === 'live') requireSecureWarehouses(told.FLORIN_WAREHOUSE);
    const warehouses = new Map(told.FLORIN_WAREHOUSE.map((one) => [one.merchantId, makeHttpWarehouse(one)]));
    const { clock, follow } = followedClock(systemClock);
    const rooms = compose(told, {
      service: 'worker',
      clock,
      random: systemRandom,
      log,
      channels,
      warehouses,
      settlements: told.FLORIN_SETTLEMENTS,
      ...(failpoint && { failpoint }),
    });
    const stopFollowing = await follow(rooms.databaseTime, tellClockSet(log));
    const jobs = jobsOf(rooms);
    const health = await serveHealth({ port: told.FLORIN_WORKER_PORT, ready: rooms.ready });
    log.info({ port: health.port, mode: rooms.mode }, 'listening');
    for (const name of channels.off) log.warn({ name }, 'alerts are not sent by this channel: it is not set up');
    const stopping = new AbortController();
    const working = jobs.map((job) => every(job, { clock, log, signal: stopping.signal }));
    return {
      log,
      async stop() {
        stopping.abort();
        stopFollowing();
        await Promise.all(working);
        await health.close();
        await Promise.all([rooms.close(), channels.close()]);
        await tracing.stop();
      },
    };
  });
