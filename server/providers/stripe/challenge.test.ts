import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { keyOf } from '../contract.ts';
import { challenged } from '../testing/proves-challenges.ts';
import { accepted, inquire, order, send } from '../testing/scene.ts';
import { stripeStage } from '../testing/stripe-stage.ts';

let stage: Awaited<ReturnType<typeof stripeStage>>;
before(async () => {
  stage = await stripeStage();
});
after(() => stage.stop());

/** An authorisation whose shopper is being asked, and the order that ends it. */
async function waiting() {
  const { asked, url } = await challenged(stage, 'challenge');
  const found = await inquire(stage, asked, 'challenged');
  assert.ok(found.kind === 'challenged' && found.providerRef);
  const { payment, merchantId, intentId, reference } = asked;
  const whose = { payment, merchantId, intentId, reference, authorizationRef: found.providerRef };
  return { asked: { ...asked, authorizationRef: found.providerRef }, url, cancel: order('cancel', whose) };
}

test('a challenge that is cancelled cannot be confirmed any more', async () => {
  const { asked, url, cancel } = await waiting();
  await accepted(stage, cancel);
  await stage.answer(url, 'confirm');
  const found = await inquire(stage, asked, 'refused');
  assert.equal(found.kind, 'refused');
  assert.deepEqual(await stage.effects(asked.reference), []);
});

test('a cancel that comes after the shopper’s yes gives the money free', async () => {
  const { asked, url, cancel } = await waiting();
  await stage.answer(url, 'confirm');
  await accepted(stage, cancel);
  assert.deepEqual(await stage.effects(asked.reference), ['authorization 1250', 'void 1250']);
});

test('a cancel that comes after the capture is too late', async () => {
  const { asked, url, cancel } = await waiting();
  const { reference, authorizationRef } = asked;
  await stage.answer(url, 'confirm');
  await accepted(stage, order('capture', { reference, authorizationRef }));
  assert.equal((await send(stage, cancel)).kind, 'refused');
  assert.deepEqual(await stage.effects(reference), ['authorization 1250', 'capture 1250']);
});

test('whoever is heard first, our cancel’s answer, its event or an inquiry: the shopper did not answer the bank', async () => {
  for (const saidYes of [false, true]) {
    const { asked, url, cancel } = await waiting();
    if (saidYes) await stage.answer(url, 'confirm');
    await accepted(stage, cancel);
    const event = await stage.webhook(keyOf(cancel));
    const told = stage.providers.readWebhook('stripe', event, { secrets: [stage.secrets.right], now: new Date() });
    assert.ok(told.kind === 'verified');
    assert.equal(told.say, undefined);
    const found = await inquire(stage, asked, 'refused');
    assert.equal(found.kind === 'refused' && found.code, 'authentication_required');
  }
});

test('what was cancelled is cancelled for whoever asks again, under this key or another', async () => {
  const { cancel } = await waiting();
  await accepted(stage, cancel);
  await accepted(stage, { ...cancel, operation: order('cancel').operation });
  assert.equal((await send(stage, cancel, { send: 2 })).kind, 'accepted');
});

test('neither the card nor the key stands in what the vault wrote', () => {
  for (const secret of [stage.card('challenge'), 'sk_test_']) assert.ok(!stage.vaultOutput().includes(secret));
});
