import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeTransact } from '#db/transaction.ts';
import { makePrune } from './prune.ts';
import { decided, sign } from './testing/sender.ts';
import { merchantId, openStage, type Stage, secrets } from './testing/stage.ts';

let stage: Stage;
before(async () => {
  stage = await openStage();
});
after(() => stage.close());

const day = 24 * 60 * 60 * 1000;

test('nonces go after an hour, rejected ones after 30 days, genuine ones after 90', async () => {
  const prune = makePrune({ transact: makeTransact(stage.asWorker), clock: stage.clock });
  const told = decided('evt_1', { key: `${stage.ids()}-1`, kind: 'capture', amount: 1250 });
  await stage.receive(sign(told, { secret: secrets[0], at: stage.clock.now() }));
  await stage.receive({ headers: {}, body: Buffer.from('{}') });
  const left = async () => {
    const [row] = await stage.sql`
      SELECT (SELECT count(*)::int FROM provider_webhook_nonces) AS nonces,
        (SELECT count(*)::int FROM provider_webhook_rejections) AS counts,
        (SELECT count(*)::int FROM provider_webhooks WHERE NOT genuine) AS rejected,
        (SELECT count(*)::int FROM provider_webhooks WHERE genuine) AS genuine`;
    return [row?.nonces, row?.counts, row?.rejected, row?.genuine];
  };
  assert.equal(await prune(100), 0);
  assert.deepEqual(await left(), [1, 1, 1, 1]);
  for (const [pause, then] of [
    [2 * 60 * 60 * 1000, [0, 1, 1, 1]],
    [30 * day, [0, 0, 0, 1]],
    [60 * day, [0, 0, 0, 0]],
  ] as const) {
    stage.pass(pause);
    await prune(100);
    assert.deepEqual(await left(), then);
  }
});

test('of each reason a provider’s newest 10,000 are kept; forgeries drive out neither copies nor what was signed', async () => {
  const prune = makePrune({ transact: makeTransact(stage.asWorker), clock: stage.clock });
  const now = stage.clock.now();
  const told = decided('evt_evidence', { key: `${stage.ids()}-1`, kind: 'capture', amount: 1 });
  const sent = sign(told, { secret: secrets[0], at: now });
  stage.payments(async () => ({ kind: 'disagrees', paymentId: stage.ids(), merchantId, in: 'amount' }));
  assert.deepEqual(await stage.receive(sent), { kind: 'rejected', reason: 'amount_differs' });
  stage.pass(1);
  assert.deepEqual(await stage.receive(sent), { kind: 'rejected', reason: 'replayed' });
  await stage.sql`
    INSERT INTO provider_webhooks (id, provider, received_at, address, headers, body, body_size, body_digest, genuine, times,
      last_received_at, status, reason, tries, settled_at)
    SELECT gen_random_uuid(), 'alder', ${now}::timestamptz + n * interval '1 ms', '', '{}', '', 0, sha256(''), false, 1,
      ${now}, 'rejected', reason, 0, ${now}
    FROM unnest(ARRAY['address_refused', 'amount_differs']) reason, generate_series(1, 10004) n`;
  await stage.sql`
    INSERT INTO provider_webhook_rejections (provider, minute, reason, times)
    VALUES ('alder', ${now}, 'address_refused', 10004)`;
  for (const gone of [5, 3, 0]) assert.equal(await prune(5), gone);
  assert.deepEqual(
    (await stage.rows()).flatMap(({ event_id, reason }) => (event_id ? [[event_id, reason]] : [])),
    [
      ['evt_evidence', 'amount_differs'],
      ['evt_evidence', 'replayed'],
    ],
  );
});
