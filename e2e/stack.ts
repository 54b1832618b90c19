import { readFileSync } from 'node:fs';
import { cp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Ready } from '#deploy/local/ready.ts';
import { launch, temporaryFolder } from '#deploy/testing/launch.ts';
import { startStripeProcess } from '#server/providers/testing/stripe-process.ts';

const setting = 'FLORIN_E2E_READY';
const stripeSetting = 'FLORIN_E2E_STRIPE';

/**
 * Run once by Playwright: brings the product up in a temporary folder, and takes it down after the last test. Name the
 * `ready.json` of a running product in FLORIN_E2E_READY to use that one instead.
 */
export default async function stack(): Promise<() => Promise<void>> {
  if (process.env[setting]) return async () => {};
  const folder = await temporaryFolder();
  const secret = 'whsec_of_the_browser_tests';
  const stripe = await startStripeProcess({ webhooks: { secret } });
  const env = {
    // Seconds: what no acquirer answers goes before a person while a test waits for it.
    FLORIN_ESCALATE_AFTER: '5',
    FLORIN_STRIPE_URL: stripe.url,
    FLORIN_STRIPE_KEY: stripe.key,
    FLORIN_STRIPE_WEBHOOK_SECRET: secret,
    // Of all currencies this one alone, so that the others stay with the two acquirers.
    FLORIN_STRIPE_CURRENCIES: 'SEK',
  };
  const product = await launch({ folder, env });
  await stripe.listen(`${product.ready.urls.api}/webhooks/stripe`);
  // Test files run in processes of their own, which inherit it.
  process.env[setting] = product.readyFile;
  process.env[stripeSetting] = JSON.stringify({ url: stripe.url, key: stripe.key });
  return async () => {
    await product.stop();
    await stripe.stop();
    await cp(join(folder, 'logs'), 'test-results/logs', { recursive: true });
    await rm(folder, { recursive: true, force: true });
  };
}

/** Where the product is, its keys and logins, for a test. */
export function ready(): Ready {
  const file = process.env[setting];
  if (!file) throw new Error('the product is not up: run the browser tests with `npm run test:browser`');
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Where the banks behind Stripe show their pages, while a server speaks as Stripe here. */
export function stripeOrigins(): string[] {
  return process.env[stripeSetting] ? [new URL(stripeServer().url).origin] : [];
}

/** The server that speaks as Stripe beside the product, which the tests start themselves. */
export function stripeServer(): { url: string; key: string } {
  const told = process.env[stripeSetting];
  if (!told) throw new Error(`no server speaks as Stripe: run the browser tests without ${setting}`);
  return JSON.parse(told);
}
