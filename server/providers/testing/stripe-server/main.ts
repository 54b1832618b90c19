import { systemClock } from '#server/kernel/clock.ts';
import { port, type Reader, readEnv, text, url } from '#server/kernel/env.ts';
import { makeLog } from '#server/observability/log.ts';
import { runProcess } from '#server/observability/process.ts';
import { startStripeServer } from './server.ts';

const optionalUrl: Reader<string | undefined> = url;

await runProcess(async () => {
  const settings = readEnv({
    FLORIN_STRIPE_SERVER_PORT: { read: port, purpose: 'the port to listen on' },
    FLORIN_STRIPE_SERVER_KEY: { read: text, purpose: 'the secret key that callers must show' },
    FLORIN_STRIPE_SERVER_WEBHOOK_URL: { read: optionalUrl, purpose: 'whom to tell of events', fallback: undefined },
    FLORIN_STRIPE_SERVER_WEBHOOK_SECRET: { read: text, purpose: 'what events are signed with', fallback: 'whsec_none' },
  });
  const log = makeLog('stripe-server');
  const server = await startStripeServer({
    port: settings.FLORIN_STRIPE_SERVER_PORT,
    key: settings.FLORIN_STRIPE_SERVER_KEY,
    webhooks: {
      url: settings.FLORIN_STRIPE_SERVER_WEBHOOK_URL,
      secret: settings.FLORIN_STRIPE_SERVER_WEBHOOK_SECRET,
    },
    clock: systemClock,
  });
  return { log, stop: server.stop };
});
