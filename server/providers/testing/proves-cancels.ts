import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf, type Order } from '../contract.ts';
import { challenged } from './proves-challenges.ts';
import { accepted, inquire, order, prepared, type Stage, send } from './scene.ts';

/** A tombstone: what arrives after the cancel does nothing. */
export function provesCancels(on: () => Stage): void {
  for (const kind of ['authorize', 'capture', 'void', 'refund'] as const) {
    test(`${kind}: a request that arrives after its cancel does nothing, for ever`, async () => {
      const stage = on();
      const late = await prepared(stage, kind);
      const before = await stage.effects(late.reference);
      await accepted(stage, cancelOf(late));
      for (const number of [1, 2]) assert.equal((await send(stage, late, { send: number })).kind, 'refused');
      assert.equal((await inquire(stage, late, 'refused')).kind, 'refused');
      assert.deepEqual(await stage.effects(late.reference), before);
    });

    test(`${kind}: a cancel comes too late for what was done, which stays done`, async () => {
      const stage = on();
      const done = await prepared(stage, kind);
      const { providerRef } = await accepted(stage, done);
      assert.equal((await send(stage, cancelOf(done))).kind, 'refused');
      const found = await inquire(stage, done, 'accepted');
      assert.equal(found.kind === 'accepted' && found.providerRef, providerRef);
    });
  }

  test('a cancelled challenge cannot be confirmed any more', async () => {
    const stage = on();
    const { asked, url } = await challenged(stage, 'challenge');
    await accepted(stage, cancelOf(asked));
    await stage.answer(url, 'confirm');
    assert.equal((await inquire(stage, asked, 'refused')).kind, 'refused');
    assert.deepEqual(await stage.effects(asked.reference), []);
  });

  test('what was declined can still be cancelled: it did nothing, and never will', async () => {
    const stage = on();
    const declined = order('authorize');
    assert.equal((await send(stage, declined, { fate: 'generic_decline' })).kind, 'refused');
    await accepted(stage, cancelOf(declined));
  });

  for (const how of ['lost_before', 'lost_after', 'error_before', 'error_after', 'hung'] as const) {
    test(`cancel ${how}: unknown, and accepted when it is sent again`, async () => {
      const stage = on();
      const cancel = cancelOf(order('authorize'));
      await stage.fail('cancel', how);
      assert.equal((await send(stage, cancel)).kind, 'unknown');
      assert.equal((await send(stage, cancel, { send: 2 })).kind, 'accepted');
      assert.equal((await inquire(stage, cancel, 'accepted')).kind, 'accepted');
    });
  }

  test('a cancel of another key, or of anything else, says nothing about this one', async () => {
    const stage = on();
    const cancel = cancelOf(order('authorize'));
    await accepted(stage, cancel);
    const answer = { ...stage.lastAnswer(), milliseconds: 1 };
    assert.equal(stage.provider.cancel?.(cancel).read(answer).kind, 'accepted');
    assert.equal(stage.provider.cancel?.({ ...cancel, blocks: 'another-1' }).read(answer).kind, 'unknown');
    assert.equal(stage.provider.authorize({ ...cancel, kind: 'authorize' }).read(answer).kind, 'unknown');
  });
}

function cancelOf({ payment, merchantId, intentId, reference, amount, currency, ...blocked }: Order): Order {
  const whose = { payment, merchantId, intentId, reference, amount, currency };
  return order('cancel', { ...whose, blocks: keyOf(blocked) });
}
