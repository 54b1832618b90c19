import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Order } from '../contract.ts';
import type { Fate } from './scene.ts';
import { accepted, inquire, order, type Stage, send } from './scene.ts';

/** 3-D Secure: the card's holder is asked, nobody waits for it, and what became of it is learnt by asking. */
export function provesChallenges(on: () => Stage): void {
  test('a challenge has an address for a browser, moves nothing, and stays open to inquiries', async () => {
    const { asked, url } = await challenged(on(), 'challenge');
    assert.match(url, /^https?:\/\//);
    assert.deepEqual(await on().effects(asked.reference), []);
    const found = await inquire(on(), asked, 'challenged');
    assert.ok(found.kind === 'challenged');
    assert.equal(found.url, url);
  });

  test('a confirmed challenge is accepted for what was asked, once, and can be captured', async () => {
    const { asked, url } = await challenged(on(), 'challenge');
    await on().answer(url, 'confirm');
    const found = await inquire(on(), asked, 'accepted');
    assert.ok(found.kind === 'accepted');
    assert.deepEqual([found.amount, found.currency], [asked.amount, asked.currency]);
    assert.deepEqual(await on().effects(asked.reference), [`authorization ${asked.amount}`]);
    const { reference } = asked;
    await accepted(on(), order('capture', { reference, authorizationRef: found.providerRef }));
  });

  for (const [fate, answer, code] of [
    ['challenge', 'refuse', 'authentication_required'],
    ['challenge_then_decline', 'confirm', 'generic_decline'],
  ] as const) {
    test(`${fate}, and its holder says ${answer}: refused as ${code}, and nothing moved`, async () => {
      const { asked, url } = await challenged(on(), fate);
      await on().answer(url, answer);
      const found = await inquire(on(), asked, 'refused');
      assert.ok(found.kind === 'refused', found.kind);
      assert.deepEqual([found.code, found.retryable], [code, false]);
      assert.deepEqual(await on().effects(asked.reference), []);
    });
  }

  test('the same request sent again while its holder is asked is the same challenge', async () => {
    const { asked, url } = await challenged(on(), 'challenge');
    const again = await send(on(), asked, { fate: 'challenge', send: 2 });
    assert.ok(again.kind === 'challenged');
    assert.equal(again.url, url);
  });

  test('who knows the address of a challenge may answer it: the timeline does not hold it', async () => {
    const { exchange, url } = await challenged(on(), 'challenge');
    assert.ok(!JSON.stringify(exchange).includes(url));
  });
}

export async function challenged(stage: Stage, fate: Fate) {
  const asked: Order = order('authorize', { returnUrl: 'http://localhost:3000/checkout/return?a=1' });
  const outcome = await send(stage, asked, { fate });
  assert.ok(outcome.kind === 'challenged', JSON.stringify(outcome));
  return { asked, url: outcome.url, exchange: outcome.exchange };
}
