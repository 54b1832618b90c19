import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import type { Order, Providers } from '../contract.ts';
import { makeProviders } from '../providers.ts';
import { readProviders } from '../settings.ts';
import { startSandboxProcess } from '../testing/sandbox-process.ts';
import { order } from '../testing/scene.ts';
import { startStripeProcess } from '../testing/stripe-process.ts';
import { startVaultProcess } from '../testing/vault-process.ts';

/** Refused by both as trouble on the way, which another provider may not have. */
const troubled = 'pm_card_chargeDeclinedProcessingError';

let stripe: Awaited<ReturnType<typeof startStripeProcess>>;
let alder: Awaited<ReturnType<typeof startSandboxProcess>>;
let vault: Awaited<ReturnType<typeof startVaultProcess>>;
let providers: Providers;

before(async () => {
  [stripe, alder] = await Promise.all([startStripeProcess(), startSandboxProcess('alder')]);
  vault = await startVaultProcess({
    stripe: { kind: 'stripe', url: stripe.url, key: stripe.key },
    alder: { kind: 'sandbox', url: alder.url, key: alder.key },
  });
  const fees = { feeBasisPoints: 150, feeFixed: 25 };
  const settings = readProviders(
    JSON.stringify(
      ['stripe', 'alder'].map((name) => ({
        name,
        kind: name === 'stripe' ? 'stripe' : 'sandbox',
        ...fees,
      })),
    ),
  );
  const log = makeLog('test', { write: () => {} });
  providers = makeProviders({ vault: vault.client, clock: systemClock, random: systemRandom, log, settings });
});
after(() => Promise.all([vault.stop(), stripe.stop(), alder.stop()]));

async function codeOf(provider: string, asked: Order, how: { token: string; more: boolean }): Promise<string> {
  const request = providers.request(provider, asked);
  const sendBefore = new Date(Date.now() + 10_000);
  const outcome = await providers.send(provider, asked, { request, send: 1, sendBefore, ...how });
  return outcome.kind === 'refused' ? outcome.code : outcome.kind;
}

/** What Stripe, and then alder, say of one payment with one token. */
async function asking(more: boolean): Promise<string[]> {
  const first = order('authorize');
  const { merchantId, intentId, currency, amount } = first;
  const token = await vault.client.testToken(troubled, { merchantId, intentId, currency, maxAmount: amount });
  const next = { ...first, operation: order('authorize').operation };
  return [await codeOf('stripe', first, { token, more }), await codeOf('alder', next, { token, more: false })];
}

test('a card that Stripe could not process is asked for at the next provider, its security code with it', async () => {
  assert.deepEqual(await asking(true), ['processing_error', 'processing_error']);
});

test('without a next provider the code went with the decline', async () => {
  assert.deepEqual(await asking(false), ['processing_error', 'verification_code_gone']);
});
