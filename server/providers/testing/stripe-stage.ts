import assert from 'node:assert/strict';
import { systemClock } from '#server/kernel/clock.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { openInbox, type Received } from '#server/observability/testing/inbox.ts';
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
  challenge: ['4000000000003220', 'pm_card_threeDSecure2Required'],
  challenge_then_decline: ['4000008400001629', 'pm_card_threeDSecureRequiredChargeDeclined'],
};

const levers = {
  lost_before: { fault: 'lose_before' },
  lost_after: { fault: 'lose_after' },
  error_before: { fault: 'error' },
  error_after: { fault: 'error', after: true },
  hung: { fault: 'slow', after: true, milliseconds: 10_000 },
} as const;

const soon = { deadline: 800 };
const limits = { authorize: soon, capture: soon, void: soon, refund: soon };
const fees = { feeBasisPoints: 150, feeFixed: 25 };
const settings = readProviders(JSON.stringify([{ name: 'stripe', kind: 'stripe', ...fees, limits }]));

const secrets = { right: new Secret('whsec_of_the_stripe_server'), wrong: new Secret('whsec_of_somebody_else') };

/** The connector behind the port, over a real vault's egress and mutual TLS, against a server that speaks as Stripe. */
export async function stripeStage(): Promise<Stage & { vaultOutput(): string }> {
  const inbox = await openInbox();
  const server = await startStripeProcess({ webhooks: { url: inbox.url, secret: secrets.right.reveal() } });
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
      assert.ok(kind !== 'cancel', 'Stripe leaves no tombstones');
      await server.pull({ ...levers[how], kind, times: 1 });
    },
    async mend() {
      await server.release();
    },
    async answer(url, answer) {
      await fetch(url, { method: 'POST', body: new URLSearchParams({ answer }), redirect: 'manual' });
    },
    webhook: (key) => inbox.find((received) => tells(received, key)),
    secrets,
    tampered: ({ headers, body }) => [
      {
        headers: {
          ...headers,
          'stripe-signature': headers['stripe-signature']?.replace(/t=(\d+)/, (_, t) => `t=${Number(t) + 1}`),
        },
        body,
      },
    ],
    vaultOutput: vault.output,
    async stop() {
      await Promise.all([vault.stop(), server.stop(), inbox.stop()]);
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

/** Whether it says what became of the operation: that somebody is asked comes before that. */
function tells({ body }: Received, key: string): boolean {
  const { type, request } = JSON.parse(body.toString());
  return request.idempotency_key === key && type !== 'payment_intent.requires_action';
}
