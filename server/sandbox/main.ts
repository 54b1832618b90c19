import { systemClock } from '#server/kernel/clock.ts';
import { BadSettings, mode, port, type Reader, readEnv, secretText, text, url } from '#server/kernel/env.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { runProcess } from '#server/observability/process.ts';
import { startTracing } from '#server/observability/trace.ts';
import { readName } from './core/behaviour.ts';
import { readFees } from './core/input.ts';
import { startSandbox } from './sandbox.ts';

const webhookSecret: Reader<Secret> = (value) => {
  if (!/^whsec_[\w+/]{32,}={0,2}$/.test(value)) throw new Error('it must be whsec_ and 24 bytes or more in base64');
  return new Secret(value);
};

/** Whom to tell of every decision; nobody where no address is set. */
function webhooksOf({ FLORIN_SANDBOX_WEBHOOK_URL: url, FLORIN_SANDBOX_WEBHOOK_SECRET: secret }: Settings) {
  if (url === undefined) return undefined;
  if (!secret) throw new BadSettings('FLORIN_SANDBOX_WEBHOOK_SECRET is missing: what the webhooks are signed with.');
  return { url, secret };
}

function optional<T>(read: Reader<T>, purpose: string) {
  return { read: read as Reader<T | undefined>, purpose, fallback: undefined };
}

type Settings = ReturnType<typeof readSettings>;

function readSettings() {
  return readEnv({
    FLORIN_MODE: { read: mode, purpose: 'test opens the books and the fault levers, live shuts them' },
    FLORIN_SANDBOX_NAME: { read: readName, purpose: 'which simulated acquirer this is, alder or birch' },
    FLORIN_SANDBOX_PORT: { read: port, purpose: 'the port to listen on' },
    FLORIN_SANDBOX_KEY: { read: secretText, purpose: 'the API key that callers must show' },
    FLORIN_SANDBOX_REPORTS_KEY: optional(secretText, 'the key that opens the settlement files and nothing else'),
    FLORIN_SANDBOX_DIR: { read: text, purpose: 'the folder of the journal' },
    FLORIN_SANDBOX_WEBHOOK_URL: optional(url, 'whom to tell of every decision'),
    FLORIN_SANDBOX_WEBHOOK_SECRET: optional(webhookSecret, 'what webhooks are signed with'),
    FLORIN_SANDBOX_FEES: { read: readFees, purpose: 'the fee per capture, such as {"basisPoints":140,"fixed":25}' },
  });
}

await runProcess(async () => {
  const settings = readSettings();
  const log = makeLog(settings.FLORIN_SANDBOX_NAME);
  const tracing = startTracing({ service: settings.FLORIN_SANDBOX_NAME });
  const sandbox = await startSandbox({
    name: settings.FLORIN_SANDBOX_NAME,
    port: settings.FLORIN_SANDBOX_PORT,
    key: settings.FLORIN_SANDBOX_KEY,
    reportsKey: settings.FLORIN_SANDBOX_REPORTS_KEY,
    folder: settings.FLORIN_SANDBOX_DIR,
    fees: settings.FLORIN_SANDBOX_FEES,
    mode: settings.FLORIN_MODE,
    webhooks: webhooksOf(settings),
    clock: systemClock,
    random: systemRandom,
    log,
    broken(error) {
      log.error({ error }, 'the journal could not be written: stopping');
      process.exit(1);
    },
  });
  log.info({ port: sandbox.port, folder: settings.FLORIN_SANDBOX_DIR }, 'listening');

  return {
    log,
    async stop() {
      await sandbox.close();
      await tracing.stop();
    },
  };
});
