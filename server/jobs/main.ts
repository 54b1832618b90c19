import { compose } from '#server/composition/rooms.ts';
import { commonSettings } from '#server/composition/settings.ts';
import { prune } from '#server/idempotency/prune.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { port, readEnv } from '#server/kernel/env.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { serveHealth } from '#server/observability/health.ts';
import { makeLog } from '#server/observability/log.ts';
import { runProcess } from '#server/observability/process.ts';
import { startTracing } from '#server/observability/trace.ts';
import { every, type Job } from './every.ts';

const settings = {
  ...commonSettings,
  FLORIN_WORKER_PORT: { read: port, purpose: 'the port of the health and metrics answers' },
};

/** The worker: what has to happen although nobody asks for it now. */
await runProcess(async () => {
  const told = readEnv(settings);
  const log = makeLog('worker');
  const tracing = startTracing({ service: 'worker' });
  const rooms = compose(told, { service: 'worker', clock: systemClock, random: systemRandom, log });
  const jobs: Job[] = [
    { name: 'sweep payments', pause: 1_000, limit: 100, run: (limit) => rooms.payments.sweep(limit) },
    { name: 'sweep sessions', pause: 5_000, limit: 100, run: (limit) => rooms.checkout.sweep(limit) },
    { name: 'prune keys', pause: 60_000, limit: 1_000, run: (limit) => prune(rooms.sql, systemClock.now(), limit) },
  ];
  const health = await serveHealth({ port: told.FLORIN_WORKER_PORT, ready: rooms.ready });
  log.info({ port: health.port, mode: rooms.mode }, 'listening');
  const stopping = new AbortController();
  const working = jobs.map((job) => every(job, { clock: systemClock, log, signal: stopping.signal }));
  return {
    log,
    async stop() {
      stopping.abort();
      await Promise.all(working);
      await health.close();
      await rooms.close();
      await tracing.stop();
    },
  };
});
