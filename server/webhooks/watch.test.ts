import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { NewAlert } from '#server/alerts/alerts.ts';
import { openStage, type Stage } from './testing/stage.ts';
import { makeWatch } from './watch.ts';

let stage: Stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

test('twenty rejections of a provider in five minutes tell somebody, and the alert ends with them', async () => {
  const raised: NewAlert[] = [];
  const resolved: string[] = [];
  const alerts = {
    async raise(alert: NewAlert) {
      raised.push(alert);
    },
    async resolve(_: string, subject: string) {
      resolved.push(subject);
    },
  };
  const watch = makeWatch({
    sql: stage.asWorker,
    clock: stage.clock,
    alerts,
    providers: { names: () => ['alder', 'birch'] },
  });
  const forge = () => stage.receive({ headers: {}, body: Buffer.from('{}') });
  for (let n = 0; n < 19; n++) await forge();
  assert.equal(await watch(), 0);
  await forge();
  assert.equal(await watch(), 1);
  assert.deepEqual([raised[0]?.kind, raised[0]?.subject, raised[0]?.merchantId], ['webhooks_rejected', 'alder', null]);
  assert.deepEqual(raised[0]?.detail, { signature_missing: '20' });
  assert.deepEqual(resolved, ['alder', 'birch', 'birch']);
  stage.pass(6 * 60_000);
  assert.equal(await watch(), 0);
  assert.deepEqual(resolved.slice(3), ['alder', 'birch']);
});
