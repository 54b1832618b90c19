import { callerOfKey } from '#server/auth/api-keys.ts';
import { compose } from '#server/composition/rooms.ts';
import { commonSettings } from '#server/composition/settings.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { port, readEnv } from '#server/kernel/env.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { startTracing } from '#server/observability/trace.ts';
import { listen } from './listen.ts';
import { makeServer } from './server.ts';

const settings = { ...commonSettings, FLORIN_API_PORT: { read: port, purpose: 'the port that merchants call' } };

/** Milliseconds until a process that was told to stop is gone, whatever still hangs. */
const longest = 4_800;

async function main(): Promise<void> {
  const told = readEnv(settings);
  const log = makeLog('api');
  const tracing = startTracing({ service: 'api' });
  const rooms = compose(told, { service: 'api', clock: systemClock, random: systemRandom, log });
  const app = makeServer({ ...rooms, callerOfKey: (text) => callerOfKey(rooms.db, text) });
  log.info({ port: await listen(app, told.FLORIN_API_PORT), mode: rooms.mode }, 'listening');

  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    setTimeout(() => process.exit(0), longest).unref();
    await app.close();
    await rooms.close();
    await tracing.stop();
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

main().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(1);
});
