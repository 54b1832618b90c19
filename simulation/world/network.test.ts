import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Scene, setScene } from './network-scene.ts';

async function captured(scene: Scene, n: number) {
  const { until, send, order } = scene;
  const authorized = await until(send(order(n, 'authorize')));
  assert.ok(authorized.kind === 'accepted', authorized.kind);
  const capture = await until(send(order(n, 'capture', { authorizationRef: authorized.providerRef })));
  assert.ok(capture.kind === 'accepted', capture.kind);
  return { authorizationRef: authorized.providerRef, captureRef: capture.providerRef };
}

test('a payment is authorised, captured and refunded at the real acquirer, and every decision is told', async () => {
  const scene = setScene();
  const { until, send, order, network, webhooks } = scene;
  const refs = await captured(scene, 3);
  const refund = order(3, 'refund', { ...refs, amount: 250n });
  assert.equal((await until(send(refund))).kind, 'accepted');
  const found = await until(scene.providers(scene.life).inquire('alder', refund));
  assert.equal(found.kind, 'accepted');
  await scene.pass(1_000);
  assert.ok(network.quiet());
  assert.deepEqual(
    network
      .acquirer('alder')
      .journal()
      .map(({ kind, amount }) => `${kind} ${amount}`),
    ['authorization 1250', 'capture 1250', 'refund 250'],
  );
  assert.deepEqual(
    webhooks.map(({ body }) => JSON.parse(body).data.kind),
    ['authorization', 'capture', 'refund'],
  );
  assert.equal(network.placeOf(refund.payment), 3);
});
