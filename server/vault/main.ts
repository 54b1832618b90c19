import { systemClock } from '#server/kernel/clock.ts';
import { followedClock } from '#server/kernel/followed-clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { tellClockSet } from '#server/observability/clock-set.ts';
import { makeLog } from '#server/observability/log.ts';
import { runProcess } from '#server/observability/process.ts';
import { startTracing } from '#server/observability/trace.ts';
import { readSettings } from './settings.ts';
import { startVault } from './vault.ts';

const { clock, follow } = followedClock(systemClock);
const random = systemRandom;

await runProcess(async () => {
  const settings = readSettings();
  const log = makeLog('vault');
  const tracing = startTracing({ service: 'vault' });
  const vault = await startVault(settings, { clock, random, ids: uuidv7({ now: clock.now, random }), log });
  const stopFollowing = await follow(vault.databaseTime, tellClockSet(log));
  log.info({ port: vault.port, mode: settings.testMode ? 'test' : 'live' }, 'vault: listening');
  return {
    log,
    async stop() {
      stopFollowing();
      await vault.stop();
      await tracing.stop();
    },
  };
});
