import { systemClock } from '#server/kernel/clock.ts';
import { BadSettings } from '#server/kernel/env.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { startTracing } from '#server/observability/trace.ts';
import { readSettings } from './settings.ts';
import { startVault } from './vault.ts';

const clock = systemClock;
const random = systemRandom;

async function main(): Promise<void> {
  const settings = readSettings();
  const log = makeLog('vault');
  const tracing = startTracing({ service: 'vault' });
  const vault = await startVault(settings, { clock, random, ids: uuidv7({ now: clock.now, random }), log });
  log.info({ port: vault.port, mode: settings.testMode ? 'test' : 'live' }, 'vault: listening');
  const stop = async () => {
    await vault.stop();
    await tracing.stop();
    process.exit(0);
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const words = error instanceof BadSettings ? error.message : `The vault could not start: ${error}`;
  process.stderr.write(`${words}\n`);
  process.exit(1);
});
