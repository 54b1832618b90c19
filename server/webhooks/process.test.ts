import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Failpoint, FailpointName } from '#db/failpoints.ts';
import { decided, sign } from './testing/sender.ts';
import { merchantId, openStage, type Stage, secrets } from './testing/stage.ts';

class Died extends Error {}

let dieAt: FailpointName | undefined;
let stage: Stage;
before(async () => {
  const failpoint: Failpoint = (name) => {
    if (name === dieAt) throw new Died(name);
  };
  stage = await openStage({ failpoint });
});
beforeEach(async () => {
  dieAt = undefined;
  await stage.sql`TRUNCATE provider_webhooks, provider_webhook_nonces, provider_webhook_rejections`;
  stage.heard.length = 0;
  stage.payments(async () => ({ kind: 'recorded', paymentId: stage.ids(), merchantId }));
});
after(() => stage.close());

const lease = 60_000;
const send = (id = 'evt_1') =>
  stage.receive(
    sign(decided(id, { key: `${stage.ids()}-1`, kind: 'capture', amount: 1250 }), {
      secret: secrets[0],
      at: stage.clock.now(),
    }),
  );
const statuses = async () => (await stage.rows()).map(({ status }) => status);

test('a process that dies before it stored has promised nothing, and the provider’s next try counts', async () => {
  for (const place of ['webhooks.receive:begin', 'webhooks.receive:before'] as const) {
    dieAt = place;
    await assert.rejects(send(), Died);
    assert.deepEqual([await statuses(), stage.heard.length], [[], 0]);
  }
  dieAt = undefined;
  assert.deepEqual(await send(), { kind: 'taken', status: 'applied' });
});

test('a process that dies after it stored leaves a row that the worker takes up, once its lease is over', async () => {
  dieAt = 'webhooks.receive:after';
  await assert.rejects(send(), Died);
  assert.deepEqual([await statuses(), stage.heard.length], [['received'], 0]);
  assert.equal(await stage.worker.process(10), 0);
  stage.pass(lease);
  assert.equal(await stage.worker.process(10), 1);
  assert.deepEqual([await statuses(), stage.heard.length], [['applied'], 1]);
  assert.equal(await stage.worker.process(10), 0);
});

test('one that dies between hearing and writing it down is heard again, which changes nothing', async () => {
  dieAt = 'webhooks.settle:before';
  assert.deepEqual(await send(), { kind: 'taken', status: 'received' });
  stage.payments(async () => ({ kind: 'known', paymentId: stage.ids(), merchantId }));
  stage.pass(lease);
  await stage.worker.process(10);
  assert.deepEqual([await statuses(), stage.heard.length], [['known'], 2]);
  assert.deepEqual(stage.heard[1], stage.heard[0]);
});

test('what payments cannot take now is tried again, later each time', async () => {
  stage.payments(async () => {
    throw new Error('the database is away');
  });
  assert.deepEqual(await send(), { kind: 'taken', status: 'received' });
  for (const pause of [1, 1, 2, 4]) {
    stage.pass(lease * pause - 1);
    assert.equal(await stage.worker.process(10), 0);
    stage.pass(1);
    assert.equal(await stage.worker.process(10), 1);
  }
  assert.equal(stage.heard.length, 5);
});

test('several workers at once take different webhooks, and each is heard once', async () => {
  dieAt = 'webhooks.receive:after';
  for (let n = 0; n < 20; n++) await assert.rejects(send(`evt_${n}`), Died);
  stage.pass(lease);
  const counts = await Promise.all(Array.from({ length: 5 }, () => stage.worker.process(8)));
  assert.equal(
    counts.reduce((sum, count) => sum + count),
    20,
  );
  assert.equal(new Set(stage.heard.map(({ say }) => say.about === 'operation' && say.key)).size, 20);
  assert.equal(stage.heard.length, 20);
});

test('a provider waits three seconds at most; what takes longer is stored, and still counts', async () => {
  const held = Promise.withResolvers<void>();
  stage.payments(async () => {
    await held.promise;
    return { kind: 'recorded', paymentId: stage.ids(), merchantId };
  });
  assert.deepEqual(await send(), { kind: 'taken', status: 'received' });
  held.resolve();
  while ((await statuses())[0] === 'received') await stage.clock.sleep(5);
  assert.deepEqual(await statuses(), ['applied']);
});
