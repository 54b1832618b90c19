import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { decided, sign } from './testing/sender.ts';
import { openStage, type Stage, secrets } from './testing/stage.ts';
import { webhooksRejected, webhooksStuck } from './watch.ts';

let stage: Stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

const asWorker = () => ({ sql: stage.asWorker, clock: stage.clock });

test('twenty rejections of a provider in five minutes are told, and no longer when they are over', async () => {
  const forge = () => stage.receive({ headers: {}, body: Buffer.from('{}') });
  for (let n = 0; n < 19; n++) await forge();
  assert.deepEqual(await webhooksRejected(asWorker()), []);
  await forge();
  const [alert, ...more] = await webhooksRejected(asWorker());
  assert.deepEqual([alert?.kind, alert?.subject, alert?.merchantId], ['webhooks_rejected', 'alder', null]);
  assert.deepEqual([alert?.detail, more], [{ signature_missing: '20' }, []]);
  stage.pass(6 * 60_000);
  assert.deepEqual(await webhooksRejected(asWorker()), []);
});

test('a webhook that nobody manages to act on is told after three minutes', async () => {
  stage.payments(async () => {
    throw new Error('the database is away');
  });
  const told = decided('evt_1', { key: `${stage.ids()}-1`, kind: 'capture', amount: 1250 });
  await stage.receive(sign(told, { secret: secrets[0], at: stage.clock.now() }));
  stage.pass(180_000);
  assert.deepEqual(await webhooksStuck(asWorker()), []);
  stage.pass(1);
  const [alert] = await webhooksStuck(asWorker());
  assert.deepEqual([alert?.subject, alert?.detail], ['webhooks', { Webhooks: '1', 'Longest wait': '180 s' }]);
});
