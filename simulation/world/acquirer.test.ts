import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PlannedFault } from '../plan.ts';
import { type Scene, setScene } from './network-scene.ts';

const minute = 60_000;
const on = 'acquirer';

async function authorized(scene: Scene, n = 1) {
  const held = await scene.until(scene.send(scene.order(n, 'authorize')));
  assert.ok(held.kind === 'accepted', held.kind);
  return held.providerRef;
}

async function captured(scene: Scene, n = 1) {
  const authorizationRef = await authorized(scene, n);
  const capture = await scene.until(scene.send(scene.order(n, 'capture', { authorizationRef })));
  assert.ok(capture.kind === 'accepted', capture.kind);
  return { authorizationRef, captureRef: capture.providerRef };
}

const effects = ({ network }: Scene) =>
  network
    .acquirer('alder')
    .journal()
    .map(({ kind, amount, origin = '' }) => `${kind} ${amount} ${origin}`.trim());

test('a capture is refunded in the console and charged back; a hold is let go there, once', async () => {
  const scene = setScene();
  await captured(scene);
  const { network, until, webhooks } = scene;
  const alder = network.acquirer('alder');
  assert.equal(await until(alder.refundElsewhere(1, 250)), true);
  assert.equal(await until(alder.chargeBack(1, 1000)), true);
  assert.equal(await until(alder.chargeBack(2, 1000)), false);
  const hold = await authorized(scene, 2);
  assert.deepEqual([await until(alder.release(hold)), await until(alder.release(hold))], [true, false]);
  await scene.pass(minute);
  const [, , refund, chargeback] = effects(scene);
  assert.deepEqual([refund, chargeback], ['refund 250 console', 'chargeback 1000 console']);
  assert.equal(effects(scene).at(-1), 'void 1250 console');
  const told = webhooks.map(({ body }) => JSON.parse(body).type).filter((type) => type !== 'operation.decided');
  assert.deepEqual(told.toSorted(), ['chargeback.opened', 'refund.made_in_console']);
});

test('a challenge is answered at its bank, or ends by itself', async () => {
  for (const [how, ends] of [
    ['pass', 'accepted'],
    ['fail', 'refused'],
    ['leave', 'refused'],
  ] as const) {
    const scene = setScene();
    const { until, send, order, providers, life, network } = scene;
    const asked = order(1, 'authorize', { returnUrl: 'http://localhost:3000/back' });
    const outcome = await until(send(asked, { card: 'challenged' }));
    assert.ok(outcome.kind === 'challenged');
    await until(network.acquirer('alder').answerChallenge(outcome.url, how));
    await scene.pass(how === 'leave' ? 11 * minute : 1);
    assert.equal((await until(providers(life).inquire('alder', asked))).kind, ends);
  }
});

test('forgotten keys are as good as new, and nobody can ask about them', async () => {
  const scene = setScene();
  const authorizationRef = await authorized(scene);
  const release = scene.order(1, 'void', { authorizationRef });
  await scene.until(scene.send(release));
  scene.network.acquirer('alder').forgetKeys();
  assert.equal((await scene.until(scene.providers(scene.life).inquire('alder', release))).kind, 'absent');
  assert.equal((await scene.until(scene.send(release, { send: 2 }))).kind, 'refused');
});

test('F14: what was cut off is found by asking when its key is forgotten, and sent again it acts again', async () => {
  const planned: PlannedFault = { id: 'a', kind: 'F14', on, provider: 'alder', at: 1_000, payment: 1 };
  const scene = setScene([planned]);
  const { until, send, order, providers, life, tally } = scene;
  const refs = await captured(scene);
  await scene.pass(1_000);
  const told = scene.webhooks.length;
  const asked = order(1, 'refund', { ...refs, amount: 500n });
  assert.equal((await until(send(asked))).kind, 'unknown');
  for (let waited = 0; waited < 4; waited += 1) {
    assert.equal((await until(providers(life).inquire('alder', asked))).kind, 'unknown');
    await scene.pass(minute);
  }
  await scene.pass(minute);
  const refund = 'refund 500';
  assert.deepEqual([effects(scene).slice(2), scene.webhooks.length], [[refund], told]);
  assert.deepEqual(tally, { injected: ['F14'], took: [] });
  assert.equal((await until(providers(life).inquire('alder', asked))).kind, 'accepted');
  assert.deepEqual(tally.took, [['F14', [1]]]);
  await until(send(asked, { send: 2 }));
  assert.deepEqual(effects(scene).slice(2), [refund, refund]);
});

test('F18: up and down, refused or lost or hanging, for as long as planned', async () => {
  const scene = setScene([{ id: 'a', kind: 'F18', on, provider: 'alder', at: 0, milliseconds: 20_000 }]);
  const { until, send, order, tally } = scene;
  const sent: ReturnType<typeof send>[] = [];
  for (let n = 1; n < 50; n += 1) {
    sent.push(send(order(n, 'authorize')));
    await scene.pass(400);
  }
  const outcomes = (await until(Promise.all(sent))).map(({ kind }) => kind);
  assert.deepEqual([...new Set(outcomes)].sort(), ['accepted', 'not_taken', 'unknown']);
  assert.equal(tally.took.length, outcomes.filter((kind) => kind !== 'accepted').length);
  assert.equal((await until(send(order(99, 'authorize')))).kind, 'accepted');
  assert.equal((await until(send(order(98, 'authorize'), { at: 'birch' }))).kind, 'accepted');
});

test('F55: a refund meets a chargeback or a refund made in the console', async () => {
  const scene = setScene([{ id: 'a', kind: 'F55', on, provider: 'alder', at: 0, payment: 1 }]);
  const refs = await captured(scene);
  await scene.until(scene.send(scene.order(1, 'refund', { ...refs, amount: 500n })));
  assert.deepEqual(scene.tally, { injected: ['F55'], took: [['F55', [1]]] });
  assert.ok(effects(scene).some((line) => line.endsWith('console')));
});

/** Whether F60 refuses the capture is the fault's own throw, by its name. */
const f60 = (id: string): PlannedFault => ({
  id,
  kind: 'F60',
  on,
  provider: 'alder',
  at: 0,
  milliseconds: 5_000,
  payment: 1,
});

test('F60: voids and refunds fail and are turned away for a while', async () => {
  const scene = setScene([f60('spares captures')]);
  const refs = await captured(scene);
  const refund = scene.order(1, 'refund', { ...refs, amount: 500n });
  assert.ok(['unknown', 'not_taken'].includes((await scene.until(scene.send(refund))).kind));
  await scene.pass(5_000);
  assert.equal((await scene.until(scene.send(refund, { send: 2 }))).kind, 'accepted');
  assert.deepEqual(scene.tally, { injected: ['F60'], took: [['F60', [1]]] });
});

test('F60: a capture is definitely refused, where keys are blocked with its hold in place, elsewhere without', async () => {
  for (const [at, held] of [
    ['alder', true],
    ['birch', false],
  ] as const) {
    const scene = setScene([{ ...f60('refuses'), provider: at } as PlannedFault]);
    const { until, send, order, network, tally } = scene;
    const held1 = await until(send(order(1, 'authorize'), { at }));
    assert.ok(held1.kind === 'accepted');
    const capture = order(1, 'capture', { authorizationRef: held1.providerRef });
    assert.equal((await until(send(capture, { at }))).kind, 'refused');
    assert.deepEqual(tally, { injected: ['F60'], took: [['F60', [1]]] });
    const books = network
      .acquirer(at)
      .journal()
      .map(({ kind }) => kind);
    assert.deepEqual(books, held ? ['authorization'] : ['authorization', 'void']);
  }
});

test('a refund comes back once: a webhook says no to what was done, and the books stay', async () => {
  const scene = setScene();
  const { until, send, order, network, webhooks } = scene;
  const refs = await captured(scene);
  const refund = order(1, 'refund', { ...refs, amount: 500n });
  await until(send(refund));
  await scene.pass(minute);
  const alder = network.acquirer('alder');
  const books = effects(scene);
  assert.equal(await until(alder.sendBack(1)), true);
  const { data } = JSON.parse(webhooks.at(-1)?.body ?? '{}');
  assert.deepEqual([data.key, data.status], [`${refund.operation}-1`, 'declined']);
  assert.deepEqual(effects(scene), books);
  assert.equal(await until(alder.sendBack(1)), false);
});
