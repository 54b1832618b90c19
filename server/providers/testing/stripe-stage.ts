import assert from 'node:assert/strict';
import { systemClock } from '#server/kernel/clock.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import { makeProviders } from '../providers.ts';
import { readProviders } from '../settings.ts';
import { stripe } from '../stripe/stripe.ts';
import type { Fate, Stage } from './scene.ts';
import { startStripeProcess } from './stripe-process.ts';
import { startVaultProcess } from './vault-process.ts';

const cards: Record<Fate, [number: string, name: string]> = {
  approve: ['4242424242424242', 'pm_card_visa'],
  insufficient_funds: ['4000000000009995', 'pm_card_visa_chargeDeclinedInsufficientFunds'],
  generic_decline: ['4000000000000002', 'pm_card_visa_chargeDeclined'],
  stolen_card: ['4000000000009979', 'pm_card_visa_chargeDeclinedStolenCard'],
  processing_error: ['4000000000000119', 'pm_card_chargeDeclinedProcessingError'],
};

const levers = {
  lost_before: { fault: 'lose_before' },
  lost_after: { fault: 'lose_after' },
  error_before: { fault: 'error' },
  error_after: { fault: 'error', after: true },
} as const;

const settings = readProviders('[{"name":"stripe","kind":"stripe","feeBasisPoints":150,"feeFixed":25}]');

/** The connector, behind the port, over a real vault's egress and mutual TLS, against a server that speaks as Stripe. */
export async function stripeStage(): Promise<Stage & { vaultOutput(): string }> {
  const server = await startStripeProcess();
  const vault = await startVaultProcess({ stripe: { kind: 'stripe', url: server.url, key: server.key } });
  const { client, exchanges } = overheard(vault.client);
  const log = makeLog('test', { write: () => {} });
  return {
    provider: stripe('stripe'),
    providers: makeProviders({ vault: client, clock: systemClock, random: systemRandom, log, settings }),
    card: (fate) => cards[fate][0],
    token: (fate, { merchantId, intentId, currency, amount }) =>
      vault.client.testToken(cards[fate][1], { merchantId, intentId, currency, maxAmount: amount }),
    effects: async (reference) => (await server.books(reference)).map(({ kind, amount }) => `${kind} ${amount}`),
    lastAnswer() {
      const last = exchanges.at(-1);
      assert.ok(last);
      return last;
    },
    async fail(kind, how) {
      await server.pull({ ...levers[how], kind, times: 1 });
    },
    async mend() {
      await server.release();
    },
    vaultOutput: vault.output,
    async stop() {
      await Promise.all([vault.stop(), server.stop()]);
    },
  };
}

/** The same client, and what came back through it. */
function overheard({ send }: VaultClient) {
  const exchanges: { status: number; body: unknown }[] = [];
  const client: Pick<VaultClient, 'send'> = {
    async send(parcel) {
      const sent = await send(parcel);
      if (sent.kind === 'answered') exchanges.push({ status: sent.status, body: sent.body });
      return sent;
    },
  };
  return { client, exchanges };
}
