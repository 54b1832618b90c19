import { systemClock } from '#server/kernel/clock.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { startTracing } from '#server/observability/trace.ts';
import { listen } from './listen.ts';
import { makeRooms } from './rooms.ts';
import { makeServer } from './server.ts';
import { readSettings } from './settings.ts';

/** Answers that are under way may take so long to end, in milliseconds, before the process goes without them. */
const patience = 4_500;

async function main(): Promise<void> {
  const settings = readSettings();
  const log = makeLog('api');
  const tracing = startTracing({ service: 'api' });
  const rooms = makeRooms(settings, { clock: systemClock, random: systemRandom, log });
  const app = makeServer(rooms);
  const port = await listen(app, settings.port);
  log.info({ port, mode: settings.mode }, 'listening');

  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) return;
    stopping = true;
    log.info({ signal }, 'stopping');
    // A payment that is cut off here is not lost: its operation is committed, and the worker asks what became of it.
    setTimeout(() => process.exit(0), patience).unref();
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
