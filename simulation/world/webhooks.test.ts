import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Secret } from '#server/kernel/secret.ts';
import type { FaultKind } from '../faults.ts';
import type { PlannedFault } from '../plan.ts';
import { type Scene, setScene } from './network-scene.ts';
import { webhookSecret } from './settings.ts';
import type { DeliverWebhook } from './world.ts';

const minute = 60_000;

function fault(kind: FaultKind, more: { nth?: number; copies?: number; id?: string } = {}): PlannedFault {
  return { id: `w-${kind}`, kind, on: 'webhook', payment: 1, nth: 1, ...more };
}

/** Payment 1 is authorised and captured; how Florin reads each webhook that came. */
async function lived(planned: PlannedFault[], deliver?: DeliverWebhook) {
  const scene = setScene(planned, deliver);
  const { until, send, order } = scene;
  const held = await until(send(order(1, 'authorize')));
  assert.ok(held.kind === 'accepted');
  const answered = scene.engine.elapsed();
  await until(send(order(1, 'capture', { authorizationRef: held.providerRef })));
  await scene.pass(minute);
  assert.ok(scene.network.quiet());
  return { scene, answered, read: scene.webhooks.map((one) => readingOf(scene, one)) };
}

function readingOf({ providers, life }: Scene, { provider, headers, body, at }: Scene['webhooks'][number]): string {
  const secrets = [new Secret(webhookSecret)];
  const now = new Date(life.clock.now().getTime() - minute + at / 1000);
  const told = providers(life).readWebhook(provider, { headers, body: Buffer.from(body) }, { secrets, now });
  if (told.kind === 'rejected') return told.fault;
  return told.say?.about === 'operation' ? told.say.kind : 'other';
}

const took = ({ tally }: Scene) => tally.took.map(([kind]) => kind);

test('without a fault each decision is told once, and again while nobody takes it', async () => {
  assert.deepEqual((await lived([])).read, ['authorize', 'capture']);
  let calls = 0;
  const { scene } = await lived([], async () => {
    calls += 1;
    return calls < 3 ? undefined : 200;
  });
  assert.equal(scene.webhooks.length, 4);
});

test('F19: the same webhook comes many times at once', async () => {
  const { scene, read } = await lived([fault('F19', { copies: 9 })]);
  assert.deepEqual([read.filter((one) => one === 'authorize').length, took(scene)], [9, ['F19']]);
});

test('F20: the second webhook overtakes the first; where none comes the first comes all the same', async () => {
  for (const nth of [1, 2]) {
    const { scene, read } = await lived([fault('F20', { nth })]);
    assert.deepEqual([read, took(scene)], [['capture', 'authorize'], ['F20']]);
  }
  const last = await lived([fault('F20', { nth: 3 })]);
  assert.deepEqual([last.read, took(last.scene)], [['authorize', 'capture'], []]);
});

test('F21: the webhook comes before the answer', async () => {
  const { scene, answered } = await lived([fault('F21')]);
  assert.ok((scene.webhooks[0]?.at ?? Number.POSITIVE_INFINITY) < answered);
  assert.deepEqual(took(scene), ['F21']);
});

test('F22: a forged one is refused, in each of its ways', async () => {
  const ways = new Set<string>();
  for (let n = 0; n < 12; n += 1) {
    const { scene, read } = await lived([fault('F22', { id: `w-${n}` })]);
    assert.deepEqual([read.toSorted(), took(scene)], [['authorize', 'capture', 'signature_wrong'], ['F22']]);
    ways.add(String(scene.webhooks.find((_, at) => read[at] === 'signature_wrong')?.body.slice(0, 3)));
  }
  assert.ok(ways.size > 1);
});

test('F23: one of long ago is too old, one of the future comes too early', async () => {
  const faults = new Set<string | undefined>();
  for (let n = 0; n < 8; n += 1) {
    const { scene, read } = await lived([fault('F23', { id: `w-${n}` })]);
    assert.deepEqual(took(scene), ['F23']);
    faults.add(read.find((one) => one !== 'authorize' && one !== 'capture'));
  }
  assert.deepEqual([...faults].sort(), ['in_future', 'too_old']);
});

test('F24: the same body comes under another id, rightly signed', async () => {
  const readings = new Set<string>();
  for (let n = 0; n < 12; n += 1) {
    const { scene, read } = await lived([fault('F24', { id: `w-${n}` })]);
    assert.deepEqual([scene.webhooks.length, took(scene)], [3, ['F24']]);
    assert.equal(new Set(scene.webhooks.map(({ headers }) => headers['webhook-id'])).size, 3);
    for (const one of read) readings.add(one);
  }
  assert.deepEqual([...readings].sort(), ['authorize', 'capture', 'malformed']);
});

test('F26: it never comes', async () => {
  const { scene, read } = await lived([fault('F26')]);
  assert.deepEqual([read, took(scene)], [['capture'], ['F26']]);
});
