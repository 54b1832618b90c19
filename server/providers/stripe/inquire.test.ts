import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { makeProviders } from '../providers.ts';
import { readProviders } from '../settings.ts';
import { order } from '../testing/scene.ts';
import { startStripeProcess } from '../testing/stripe-process.ts';
import { startVaultProcess } from '../testing/vault-process.ts';

/** What others pay in the same minutes: more than two pages hold. */
const busy = 230;

let stripe: Awaited<ReturnType<typeof startStripeProcess>>;
let vault: Awaited<ReturnType<typeof startVaultProcess>>;
before(async () => {
  stripe = await startStripeProcess();
  vault = await startVaultProcess({ stripe: { kind: 'stripe', url: stripe.url, key: stripe.key } });
});
after(() => Promise.all([vault.stop(), stripe.stop()]));

test('on a busy account a lost authorisation is found all the same, and one that never came is absent', async () => {
  const settings = readProviders(
    JSON.stringify([{ name: 'stripe', kind: 'stripe', feeBasisPoints: 150, feeFixed: 25 }]),
  );
  const log = makeLog('test', { write: () => {} });
  const providers = makeProviders({ vault: vault.client, clock: systemClock, random: systemRandom, log, settings });
  const lost = order('authorize');
  const never = order('authorize');
  const { merchantId, intentId, currency, amount } = lost;
  const token = await vault.client.testToken('pm_card_visa', { merchantId, intentId, currency, maxAmount: amount });
  await stripe.pull({ kind: 'authorize', fault: 'lose_after', times: 1 });
  const sendBefore = new Date(Date.now() + 10_000);
  const request = providers.request('stripe', lost);
  assert.equal((await providers.send('stripe', lost, { request, send: 1, sendBefore, token })).kind, 'unknown');
  for (let n = 0; n < busy; n++) await pay(n);

  const found = await providers.inquire('stripe', lost);
  assert.ok(found.kind === 'accepted', found.kind);
  assert.deepEqual([found.amount, found.currency], [amount, currency]);
  assert.equal((await providers.inquire('stripe', never)).kind, 'absent');
});

/** Somebody else pays at the same account. */
async function pay(n: number): Promise<void> {
  const body = new URLSearchParams({
    amount: '700',
    currency: 'eur',
    confirm: 'true',
    capture_method: 'manual',
    'payment_method_data[type]': 'card',
    'payment_method_data[card][number]': '4242424242424242',
    'payment_method_data[card][exp_month]': '12',
    'payment_method_data[card][exp_year]': '2034',
    'payment_method_data[card][cvc]': '123',
  });
  const headers = { authorization: `Bearer ${stripe.key}`, 'idempotency-key': `of-somebody-else-${n}` };
  const answer = await fetch(`${stripe.url}/v1/payment_intents`, { method: 'POST', headers, body });
  assert.equal(answer.status, 200, await answer.text());
}
