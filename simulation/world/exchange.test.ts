import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FaultKind } from '../faults.ts';
import type { Asked, PlannedFault } from '../plan.ts';
import { type Scene, setScene } from './network-scene.ts';

const minute = 60_000;

function fault(kind: FaultKind, asked: Asked = 'authorize', more: { how?: string; nth?: number } = {}): PlannedFault {
  return { id: `e-${kind}`, kind, on: 'exchange', payment: 1, asked, nth: 1, ...more };
}

const effects = ({ network }: Scene, at: 'alder' | 'birch' = 'alder') =>
  network
    .acquirer(at)
    .journal()
    .map(({ kind, amount }) => `${kind} ${amount}`);

/** The first authorisation of payment 1, what the caller heard, and how an inquiry a second later goes. */
async function struck(planned: PlannedFault, how: Parameters<Scene['send']>[1] = {}) {
  const scene = setScene([planned]);
  const { until, send, order, providers, life } = scene;
  const asked = order(1, 'authorize');
  const outcome = await until(send(asked, how));
  await scene.pass(1_000);
  const found = await until(providers(life).inquire(how.at ?? 'alder', asked));
  return { scene, asked, outcome: outcome.kind, found: found.kind };
}

test('F8: the request is lost, and nothing happens there', async () => {
  const { scene, outcome, found } = await struck(fault('F8'));
  assert.deepEqual([outcome, found, effects(scene)], ['unknown', 'absent', []]);
  await scene.pass(minute);
  assert.deepEqual(scene.tally, { injected: ['F8'], took: [['F8', [1]]] });
});

test('F9: it acts, and the answer is lost', async () => {
  const { scene, outcome, found } = await struck(fault('F9'));
  assert.deepEqual([outcome, found], ['unknown', 'accepted']);
  await scene.pass(minute);
  assert.deepEqual(scene.tally.took, [['F9', [1]]]);
});

test('F10: it acts long after it was given up, and within what it promises', async () => {
  const { scene, outcome, found } = await struck(fault('F10'));
  assert.deepEqual([outcome, found, effects(scene)], ['unknown', 'absent', []]);
  await scene.pass(minute);
  assert.deepEqual([effects(scene), scene.tally.took], [['authorization 1250'], [['F10', [1]]]]);
});

test('F15: an inquiry says that it does not know what is still under way', async () => {
  const { scene } = await struck(fault('F15'));
  await scene.pass(minute);
  assert.deepEqual(scene.tally.took, [['F15', [1]]]);
  const unasked = setScene([fault('F15')]);
  await unasked.until(unasked.send(unasked.order(1, 'authorize')));
  await unasked.pass(2 * minute);
  assert.deepEqual(unasked.tally, { injected: ['F15'], took: [] });
});

test('F11: the answer is slow', async () => {
  const scene = setScene([fault('F11')]);
  await scene.until(scene.send(scene.order(1, 'authorize')));
  assert.ok(scene.engine.elapsed() > 2_000);
  await scene.pass(minute);
  assert.deepEqual(scene.tally.took, [['F11', [1]]]);
});

test('F12: 500 after acting is unknown, 429 before it was not taken', async () => {
  const after = await struck(fault('F12', 'authorize', { how: '500' }));
  assert.deepEqual([after.outcome, after.found], ['unknown', 'accepted']);
  const before = await struck(fault('F12', 'authorize', { how: '429' }));
  assert.deepEqual([before.outcome, before.found], ['not_taken', 'absent']);
  for (const { scene } of [after, before]) assert.deepEqual(scene.tally.took, [['F12', [1]]]);
});

test('F13: a wrong amount, currency or id, and broken JSON say nothing about our money', async () => {
  for (const how of ['wrong_amount', 'wrong_currency', 'wrong_id', 'broken_json']) {
    const { scene, outcome, found } = await struck(fault('F13', 'authorize', { how }));
    assert.deepEqual([how, outcome, found], [how, 'unknown', 'accepted']);
    assert.deepEqual(scene.tally.took, [['F13', [1]]]);
  }
  const { scene } = await struck(fault('F13', 'inquire', { how: 'wrong_amount' }));
  assert.deepEqual(scene.tally.took, [['F13', [1]]]);
});

test('F16: counts where another provider stood ready and would have taken the card', async () => {
  for (const [how, took] of [
    [{ more: true }, 1],
    [{ more: false }, 0],
    [{ more: true, card: 'declined' }, 0],
  ] as const) {
    const { scene } = await struck(fault('F16'), how);
    await scene.pass(2 * minute);
    assert.equal(scene.tally.took.length, took);
  }
});

test('F17: a cancel is there before the request, at alder for good; birch is silent until the request is there', async () => {
  const { scene, asked } = await struck(fault('F17'));
  const cancel = scene.order(1, 'cancel', { blocks: `${asked.operation}-1` });
  assert.equal((await scene.until(scene.send(cancel))).kind, 'accepted');
  await scene.pass(minute);
  assert.deepEqual([effects(scene), scene.tally.took], [[], [['F17', [1]]]]);
  const elsewhere = await struck(fault('F17'), { at: 'birch' });
  await elsewhere.scene.pass(minute);
  assert.deepEqual(effects(elsewhere.scene, 'birch'), ['authorization 1250']);
  assert.deepEqual(elsewhere.scene.tally.took, [['F17', [1]]]);
});

test('the nth request alone is struck, and a request of somebody who died makes no difference to them', async () => {
  const scene = setScene([fault('F9', 'capture', { nth: 2 })]);
  const held = await scene.until(scene.send(scene.order(1, 'authorize')));
  assert.ok(held.kind === 'accepted');
  const asked = scene.order(1, 'capture', { authorizationRef: held.providerRef });
  assert.equal((await scene.until(scene.send(asked))).kind, 'accepted');
  const mortal = scene.engine.begin('api-2');
  void scene.send(asked, { send: 2, by: mortal });
  await scene.pass(1);
  mortal.end('killed');
  await scene.pass(minute);
  assert.deepEqual(scene.tally, { injected: ['F9'], took: [] });
});

test('a request is missed although its sender died, where it was the first under its key', async () => {
  const scene = setScene([fault('F8')]);
  const mortal = scene.engine.begin('api-2');
  void scene.send(scene.order(1, 'authorize'), { by: mortal });
  await scene.pass(1);
  mortal.end('killed');
  await scene.pass(minute);
  assert.deepEqual(scene.tally.took, [['F8', [1]]]);
});

test('of two faults of one request the second strikes the next', async () => {
  const scene = setScene([fault('F8'), { ...fault('F12', 'authorize', { how: '429' }), id: 'second' }]);
  const asked = scene.order(1, 'authorize');
  assert.equal((await scene.until(scene.send(asked))).kind, 'unknown');
  await scene.until(scene.send(asked, { send: 2 }));
  assert.equal((await scene.until(scene.send(asked, { send: 3 }))).kind, 'accepted');
  assert.deepEqual(scene.tally.injected, ['F8', 'F12']);
});

test('what has left arrives although its sender died, and the answer goes to nobody', async () => {
  const scene = setScene();
  const mortal = scene.engine.begin('api-2');
  let heard = false;
  void scene.send(scene.order(1, 'authorize'), { by: mortal }).then(() => {
    heard = true;
  });
  await scene.pass(1);
  mortal.end('killed');
  await scene.pass(minute);
  assert.deepEqual([effects(scene), heard, scene.network.quiet()], [['authorization 1250'], false, true]);
});

test('a run is the same twice, whatever is struck', async () => {
  const run = async () => {
    const { scene } = await struck(fault('F10'));
    await scene.pass(minute);
    return [scene.engine.digest(), JSON.stringify(scene.network.acquirer('alder').journal())];
  };
  assert.deepEqual(await run(), await run());
});
