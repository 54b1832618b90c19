import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Caller, Role } from '#server/auth/caller.ts';
import { makeWebhookList } from './list.ts';
import { decided, sign } from './testing/sender.ts';
import { merchantId, openStage, type Stage, secrets } from './testing/stage.ts';

let stage: Stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

const staff = (role: Role, of = merchantId): Caller => ({
  kind: 'staff',
  merchantId: of,
  staffId: stage.ids(),
  name: 'Ada',
  role,
});

test('staff see what concerns their merchant; owners also what concerns nobody, and strangers neither', async () => {
  const { list, webhook, rejections } = makeWebhookList(stage.asWeb);
  const told = decided('evt_1', { key: `${stage.ids()}-1`, kind: 'capture', amount: 1250 });
  await stage.receive(sign(told, { secret: secrets[0], at: stage.clock.now() }));
  stage.pass(1000);
  await stage.receive({ headers: { 'user-agent': 'curl' }, body: Buffer.from('{"forged":true}') });

  const owner = await list(staff('owner'), { limit: 50 });
  assert.deepEqual(
    owner.rows.map(({ status, reason }) => [status, reason]),
    [
      ['rejected', 'signature_missing'],
      ['applied', null],
    ],
  );
  const support = await list(staff('support'), { limit: 50 });
  assert.deepEqual(
    support.rows.map(({ status }) => status),
    ['applied'],
  );
  const stranger = await list(staff('support', stage.ids()), { limit: 50 });
  assert.deepEqual(stranger.rows, []);

  const [forged, applied] = owner.rows.map(({ id }) => id) as [string, string];
  const view = await webhook(staff('owner'), forged);
  assert.deepEqual([view.body, view.bodySize, view.headers], ['{"forged":true}', 15, { 'user-agent': 'curl' }]);
  await assert.rejects(webhook(staff('support'), forged), { code: 'not_found' });
  await assert.rejects(webhook(staff('owner', stage.ids()), applied), { code: 'not_found' });

  const since = new Date(stage.clock.now().getTime() - 3_600_000);
  assert.deepEqual([...(await rejections(staff('owner'), since))], [{ reason: 'signature_missing', times: 1 }]);
  assert.deepEqual(await rejections(staff('support'), since), []);
});

test('the list is filtered and turned over page by page', async () => {
  const { list } = makeWebhookList(stage.asWeb);
  for (let n = 0; n < 5; n++) {
    stage.pass(1000);
    await stage.receive({ headers: {}, body: Buffer.from('{}') }, { provider: 'birch', address: '::1' });
  }
  const filter = { verdict: 'rejected', provider: 'birch', reason: 'signature_missing' } as const;
  const seen: string[] = [];
  let after: string | undefined;
  do {
    const page = await list(staff('owner'), { filter, limit: 2, ...(after ? { after } : {}) });
    seen.push(...page.rows.map(({ id }) => id));
    after = page.next ?? undefined;
  } while (after);
  assert.deepEqual([seen.length, [...seen].sort().reverse()], [5, seen]);
  const accepted = await list(staff('owner'), { filter: { verdict: 'accepted', provider: 'birch' }, limit: 2 });
  assert.deepEqual(accepted, { rows: [], next: null });
});
