import type { Failpoint } from '#db/transaction.ts';
import { callerOfKey } from '#server/auth/api-keys.ts';
import { compose } from '#server/composition/rooms.ts';
import { commonSettings } from '#server/composition/settings.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { port, readEnv, wholeNumber } from '#server/kernel/env.ts';
import { followedClock } from '#server/kernel/followed-clock.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { tellClockSet } from '#server/observability/clock-set.ts';
import { makeLog } from '#server/observability/log.ts';
import { runProcess } from '#server/observability/process.ts';
import { startTracing } from '#server/observability/trace.ts';
import { makeReceiver } from '#server/webhooks/receive.ts';
import { readWebhookSettings } from '#server/webhooks/settings.ts';
import { listen } from './listen.ts';
import { makeServer } from './server.ts';

const settings = {
  ...commonSettings,
  FLORIN_API_PORT: { read: port, purpose: 'the port that merchants call' },
  FLORIN_TRUSTED_HOPS: { read: wholeNumber, purpose: 'how many gateways stand before this process', fallback: 0 },
  FLORIN_WEBHOOKS: { read: readWebhookSettings, purpose: "the providers' webhook secrets and addresses, as JSON" },
};

/** The process that merchants and providers call. A test hands in a failpoint, to kill it at a named place. */
export const runApi = ({ failpoint }: { failpoint?: Failpoint } = {}) =>
  runProcess(async () => {
    const told = readEnv(settings);
    const log = makeLog('api');
    const tracing = startTracing({ service: 'api' });
    const { clock, follow } = followedClock(systemClock);
    const rooms = compose(told, {
      service: 'api',
      clock,
      random: systemRandom,
      log,
      ...(failpoint && { failpoint }),
    });
    const stopFollowing = await follow(rooms.databaseTime, tellClockSet(log));
    const app = makeServer({
      ...rooms,
      callerOfKey: (text) => callerOfKey(rooms.db, text),
      webhooks: makeReceiver({ ...rooms, processor: rooms.webhooks, settings: told.FLORIN_WEBHOOKS }),
      trustedHops: told.FLORIN_TRUSTED_HOPS,
    });
    log.info({ port: await listen(app, told.FLORIN_API_PORT), mode: rooms.mode }, 'listening');

    return {
      log,
      async stop() {
        await app.close();
        stopFollowing();
        await rooms.close();
        await tracing.stop();
      },
    };
  });
