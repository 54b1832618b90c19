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

/** Merchants of the installation, and no others. */
async function serves(...merchants: string[]): Promise<void> {
  await stage.sql`TRUNCATE merchants CASCADE`;
  for (const id of merchants)
    await stage.sql`INSERT INTO merchants (id, name, currency, created_at) VALUES (${id}, 'A shop', 'EUR', ${stage.clock.now()})`;
}

const about = (id: string, key = `${stage.ids()}-1`) => decided(id, { key, kind: 'capture', amount: 1250 });
const signed = (told = about('evt_1'), at = stage.clock.now()) => sign(told, { secret: secrets[0], at });

test('staff see what concerns their merchant; an only merchant’s owner also what concerns nobody', async () => {
  await serves(merchantId);
  const { list, webhook, rejections } = makeWebhookList(stage.asWeb);
  await stage.receive(signed());
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
  const stranger = await list(staff('owner', stage.ids()), { limit: 50 });
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

test('where there are several merchants, no owner sees what another’s provider says before it is known whose it is', async () => {
  const { list, webhook, rejections } = makeWebhookList(stage.asWeb);
  await stage.sql`TRUNCATE provider_webhooks`;
  const other = stage.ids();
  await serves(merchantId, other);
  const held = Promise.withResolvers<void>();
  stage.payments(async () => {
    await held.promise;
    return { kind: 'recorded', paymentId: stage.ids(), merchantId };
  });
  const settled = stage.receive(signed(about('evt_waits')));
  await stage.receive(signed(about('evt_elsewhere')), { address: '203.0.113.9' });
  await stage.receive(signed(about('evt_old'), new Date(stage.clock.now().getTime() - 301_000)));
  while ((await stage.rows()).length < 3) await stage.clock.sleep(5);
  const everything = (await stage.rows()).map(({ id }) => String(id));
  for (const owner of [staff('owner', other), staff('owner')]) {
    assert.deepEqual((await list(owner, { limit: 50 })).rows, []);
    for (const id of everything) await assert.rejects(webhook(owner, id), { code: 'not_found' });
    assert.deepEqual(await rejections(owner, new Date(0)), []);
  }

  await serves(merchantId);
  const waiting = (await list(staff('owner'), { filter: { verdict: 'waiting' }, limit: 50 })).rows;
  assert.equal(waiting.length, 1);
  assert.equal((await webhook(staff('owner'), String(waiting[0]?.id))).body, null);
  held.resolve();
  await settled;
  assert.match(String((await webhook(staff('owner'), String(waiting[0]?.id))).body), /evt_waits/);
});

test('the console cannot read what was said, where the address of a challenge stands', async () => {
  await assert.rejects(stage.asWeb`SELECT say FROM provider_webhooks`, { code: '42501' });
});

test('the list is filtered and turned over page by page', async () => {
  await serves(merchantId);
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
