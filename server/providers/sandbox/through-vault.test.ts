import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '#server/kernel/clock.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeLog } from '#server/observability/log.ts';
import { keyOf, type Order } from '../contract.ts';
import { makeProviders } from '../providers.ts';
import { readProviders } from '../settings.ts';
import { answerChallenge, startSandboxProcess } from '../testing/sandbox-process.ts';
import { order } from '../testing/scene.ts';
import { startVaultProcess } from '../testing/vault-process.ts';

const settings = readProviders('[{"name":"alder","kind":"sandbox","feeBasisPoints":140,"feeFixed":25}]');

test('through the egress of the vault: a challenge’s address comes whole and is in no log, a cancel is let out', async (t) => {
  const alder = await startSandboxProcess('alder');
  const vault = await startVaultProcess({ alder: { kind: 'sandbox', url: alder.url, key: alder.key } });
  t.after(() => Promise.all([vault.stop(), alder.stop()]));
  const log = makeLog('test', { write: () => {} });
  const { client } = vault;
  const providers = makeProviders({ vault: client, clock: systemClock, random: systemRandom, log, settings });
  const send = async (asked: Order, card?: string) => {
    const { merchantId, intentId, currency, amount } = asked;
    const token = card && (await client.testToken(card, { merchantId, intentId, currency, maxAmount: amount }));
    const sendBefore = new Date(Date.now() + 10_000);
    const request = providers.request('alder', asked);
    return providers.send('alder', asked, { request, send: 1, sendBefore, ...(token && { token }) });
  };

  // As many as it takes for an id in which something looks like a card number or a security code.
  for (let at = 0; at < 20; at++) {
    const asked = order('authorize', { returnUrl: 'http://localhost:3000/checkout/return' });
    const outcome = await send(asked, 'pm_card_authenticationRequired');
    assert.ok(outcome.kind === 'challenged', outcome.kind);
    assert.equal(await answerChallenge(outcome.url, 'approve'), asked.returnUrl);
    assert.equal((await providers.inquire('alder', asked)).kind, 'accepted');
    assert.ok(!vault.output().includes(outcome.url.slice(-32)));
  }

  const late = order('authorize');
  const { payment, merchantId, intentId } = late;
  const cancel = order('cancel', { payment, merchantId, intentId, blocks: keyOf(late) });
  assert.equal((await send(cancel)).kind, 'accepted');
  assert.equal((await send(late, 'pm_card_visa')).kind, 'refused');
});
