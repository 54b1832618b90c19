import assert from 'node:assert/strict';
import { systemClock } from '#server/kernel/clock.ts';
import { Secret, systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { makeProviders } from '#server/providers/providers.ts';
import { sandbox } from '#server/providers/sandbox/sandbox.ts';
import { readProviders } from '#server/providers/settings.ts';
import { provesContract } from '#server/providers/testing/contract-suite.ts';
import type { Failure, Fate, Stage } from '#server/providers/testing/scene.ts';
import type { ProviderName } from '../plan.ts';
import type { Course } from './exchange.ts';
import { inRealTime } from './network-stage.ts';
import { webhookSecret } from './settings.ts';

// The double of the vault and the acquirers in memory pass what every provider passes behind the real ones.

const tokens: Record<Fate, string> = {
  approve: 'pm_card_visa',
  insufficient_funds: 'pm_card_chargeDeclinedInsufficientFunds',
  generic_decline: 'pm_card_chargeDeclined',
  stolen_card: 'pm_card_visa_chargeDeclinedStolenCard',
  processing_error: 'pm_card_chargeDeclinedProcessingError',
  challenge: 'pm_card_threeDSecure2Required',
  challenge_then_decline: 'pm_card_threeDSecureRequiredChargeDeclined',
};

const failures: Record<Failure, (plain: Course) => Course> = {
  lost_before: (plain) => ({ ...plain, arrives: undefined, breaks: 5 }),
  lost_after: (plain) => ({ ...plain, answer: 'breaks' }),
  error_before: (plain) => ({ ...plain, lever: { fault: 'error' } }),
  error_after: (plain) => ({ ...plain, lever: { fault: 'error', after: true } }),
  hung: (plain) => ({ ...plain, answer: 'never comes' }),
};

async function stageOf(name: ProviderName): Promise<Stage> {
  const { client, acquirers, disturb, mend, replies, webhooks } = inRealTime();
  const soon = { deadline: 800 };
  const limits = { authorize: soon, capture: soon, void: soon, refund: soon, cancel: soon };
  const settings = readProviders(
    JSON.stringify([{ name, kind: 'sandbox', feeBasisPoints: 140, feeFixed: 25, limits }]),
  );
  const log = makeLog('test', { write: () => {} });
  return {
    provider: sandbox(name),
    providers: makeProviders({ vault: client, clock: systemClock, random: systemRandom, log, settings }),
    card: () => '4242424242424242',
    token: (fate, { merchantId, intentId, currency, amount }) =>
      client.testToken(tokens[fate], { merchantId, intentId, currency, maxAmount: amount }),
    effects: async (reference) =>
      acquirers[name]
        .journal()
        .filter((effect) => effect.reference === reference)
        .map(({ kind, amount }) => `${kind} ${amount}`),
    lastAnswer() {
      const last = replies.at(-1);
      assert.ok(last?.kind === 'answered');
      return { status: last.status, body: JSON.parse(last.text) };
    },
    fail: async (kind, how) => disturb(kind, failures[how]),
    mend: async () => mend(),
    answer: (url, answer) => acquirers[name].answerChallenge(url, answer === 'confirm' ? 'pass' : 'fail'),
    async webhook(key) {
      const told = webhooks.find(({ body }) => JSON.parse(body).data.key === key);
      assert.ok(told);
      return { headers: told.headers, body: Buffer.from(told.body) };
    },
    secrets: { right: new Secret(webhookSecret), wrong: new Secret(`whsec_${Buffer.alloc(32, 8).toString('base64')}`) },
    tampered: ({ headers, body }) => [
      { headers: { ...headers, 'webhook-id': 'evt_another' }, body },
      { headers: { ...headers, 'webhook-timestamp': String(Number(headers['webhook-timestamp']) + 1) }, body },
    ],
    stop: async () => {},
  };
}

provesContract('alder behind the doubles', () => stageOf('alder'), { tombstone: true });
provesContract('birch behind the doubles', () => stageOf('birch'));
