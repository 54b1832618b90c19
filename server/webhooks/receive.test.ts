import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { decided, type Sent, sign } from './testing/sender.ts';
import { openStage, type Stage, secrets } from './testing/stage.ts';

let stage: Stage;
before(async () => {
  stage = await openStage();
});
beforeEach(async () => {
  await stage.sql`TRUNCATE provider_webhooks, provider_webhook_nonces, provider_webhook_rejections`;
  stage.heard.length = 0;
  stage.asked.length = 0;
  stage.payments(async () => ({ kind: 'recorded', paymentId: stage.ids(), merchantId: stage.ids() }));
});
after(() => stage.close());

const news = (id: string) => decided(id, { key: `${stage.ids()}-1`, kind: 'capture', amount: 1250 });
const signed = (told = news('evt_1'), secret: string = secrets[0]) => sign(told, { secret, at: stage.clock.now() });

test('genuine news is stored as it came, heard once, and kept with what became of it', async () => {
  const sent = signed();
  assert.deepEqual(await stage.receive(sent), { kind: 'taken', status: 'applied' });
  const [row] = await stage.rows();
  assert.deepEqual([row?.status, row?.event_id, row?.times, row?.body_size], ['applied', 'evt_1', 1, sent.body.length]);
  assert.ok(sent.body.equals(row?.body));
  const [input] = stage.heard;
  assert.ok(input?.say.about === 'operation' && input.say.outcome.kind === 'accepted');
  assert.deepEqual([input.provider, input.cause, input.say.outcome.amount], ['alder', 'webhook', 1250n]);
});

test('it is stored before payments hears of it', async () => {
  stage.payments(async () => {
    assert.equal((await stage.rows())[0]?.status, 'received');
    return { kind: 'known', paymentId: stage.ids(), merchantId: stage.ids() };
  });
  assert.deepEqual(await stage.receive(signed()), { kind: 'taken', status: 'known' });
});

test('50 copies at once are one effect: one is taken, the others are replays', async () => {
  const sent = signed();
  const receipts = await Promise.all(Array.from({ length: 50 }, () => stage.receive(sent)));
  assert.equal(receipts.filter(({ kind }) => kind === 'taken').length, 1);
  assert.equal(receipts.filter((one) => one.kind === 'rejected' && one.reason === 'replayed').length, 49);
  assert.equal(stage.heard.length, 1);
});

test('50 honest retries at once, each signed anew, are all taken, and are one effect', async () => {
  const told = news('evt_1');
  const at = (n: number) => new Date(stage.clock.now().getTime() + n * 1000);
  const receipts = await Promise.all(
    Array.from({ length: 50 }, (_, n) => stage.receive(sign(told, { secret: secrets[0], at: at(n) }))),
  );
  assert.ok(receipts.every(({ kind }) => kind === 'taken'));
  assert.equal(stage.heard.length, 1);
  const rows = await stage.rows();
  assert.deepEqual([rows.length, rows[0]?.times], [1, 50]);
});

test('a true copy of a stored webhook is a replay, and belongs to whose payment it was about', async () => {
  const sent = signed();
  await stage.receive(sent);
  stage.pass(1);
  assert.deepEqual(await stage.receive(sent), { kind: 'rejected', reason: 'replayed' });
  const [first, copy] = await stage.rows();
  assert.equal(copy?.merchant_id, first?.merchant_id);
  assert.deepEqual([copy?.genuine, copy?.say, first?.times], [false, null, 1]);
});

test('an event says one thing: other content under its id is rejected', async () => {
  await stage.receive(signed());
  stage.pass(1000);
  const other = decided('evt_1', { key: `${stage.ids()}-1`, kind: 'capture', amount: 1 });
  assert.deepEqual(await stage.receive(signed(other)), { kind: 'rejected', reason: 'event_reused' });
  assert.equal(stage.heard.length, 1);
});

test('either of two secrets is good; a third is not, nor is another provider’s message', async () => {
  for (const [place, secret] of secrets.entries())
    assert.equal((await stage.receive(signed(news(`evt_${place}`), secret))).kind, 'taken');
  const third = signed(news('evt_3'), `whsec_${Buffer.alloc(32, 3).toString('base64')}`);
  assert.deepEqual(await stage.receive(third), { kind: 'rejected', reason: 'signature_wrong' });
});

test('what is wrong with it is kept as its reason, and payments never hears of it', async () => {
  const { headers, body } = signed();
  const { 'webhook-signature': _, ...unsigned } = headers;
  const [old, early] = [-301_000, 301_000].map((off) =>
    sign(news('evt_2'), { secret: secrets[0], at: new Date(stage.clock.now().getTime() + off) }),
  ) as [Sent, Sent];
  const wrong: [string, Promise<unknown>][] = [
    ['address_refused', stage.receive({ headers, body }, { address: '198.51.100.1' })],
    ['signature_missing', stage.receive({ headers: unsigned, body })],
    ['signature_wrong', stage.receive({ headers, body: body.subarray(0, -1) })],
    [
      'signature_wrong',
      stage.receive({ headers, body: Buffer.from(JSON.stringify(JSON.parse(String(body)), null, 1)) }),
    ],
    ['signature_wrong', stage.receive({ headers: { ...headers, 'webhook-id': 'evt_other' }, body })],
    ['too_old', stage.receive(old)],
    ['in_future', stage.receive(early)],
    ['malformed', stage.receive(sign(news('evt_3'), { secret: secrets[0], at: stage.clock.now(), body: '{' }))],
  ];
  for (const [reason, receipt] of wrong) assert.deepEqual(await receipt, { kind: 'rejected', reason });
  const rows = await stage.rows();
  assert.deepEqual(rows.map(({ reason }) => reason).sort(), wrong.map(([reason]) => reason).sort());
  assert.ok(rows.every(({ status, genuine, say }) => status === 'rejected' && !genuine && say === null));
  assert.deepEqual(stage.heard, []);
});

test('a forgery that names an event does not keep the true one out', async () => {
  const { headers, body } = signed();
  await stage.receive({ headers: { ...headers, 'webhook-signature': 'v1,AAAA' }, body });
  assert.deepEqual(await stage.receive({ headers, body }), { kind: 'taken', status: 'applied' });
});

test('a provider that sends no webhooks here is not found, and nothing is stored', async () => {
  for (const provider of ['elm', '', '__proto__', 'constructor'])
    await assert.rejects(stage.receive(signed(), { provider }), { code: 'not_found' });
  assert.equal((await stage.rows()).length, 0);
});

test('what matches nothing is rejected; sent again by its provider it is judged anew', async () => {
  const told = news('evt_1');
  stage.payments(async () => ({ kind: 'unmatched' }));
  assert.deepEqual(await stage.receive(signed(told)), { kind: 'rejected', reason: 'unmatched' });
  stage.payments(async () => ({ kind: 'recorded', paymentId: stage.ids(), merchantId: stage.ids() }));
  stage.pass(1000);
  assert.deepEqual(await stage.receive(signed(told)), { kind: 'taken', status: 'applied' });
  const rows = await stage.rows();
  assert.deepEqual([rows.length, rows[0]?.status, rows[0]?.reason, rows[0]?.times], [1, 'applied', null, 2]);
});

test('contradictions are rejected and set off inquiries, but never more than a few', async () => {
  stage.payments(async () => ({ kind: 'disagrees', paymentId: stage.ids(), merchantId: stage.ids(), in: 'amount' }));
  for (let n = 0; n < 40; n++)
    assert.deepEqual(await stage.receive(signed(news(`evt_${n}`))), { kind: 'rejected', reason: 'amount_differs' });
  assert.equal(stage.asked.length, 10);
  stage.pass(61_000);
  await stage.receive(signed(news('evt_later')));
  assert.equal(stage.asked.length, 11);
});

test('a ping is taken and says nothing', async () => {
  const ping = { id: 'evt_1', type: 'ping', created: '2026-11-21T12:00:00.000Z', data: {} };
  assert.deepEqual(await stage.receive(signed(ping)), { kind: 'taken', status: 'ignored' });
  stage.pass(1000);
  assert.deepEqual(await stage.receive(signed(ping)), { kind: 'taken', status: 'ignored' });
  assert.deepEqual(stage.heard, []);
});

test('a card number in a forgery is not stored, and of a large one only the beginning is', async () => {
  const body = Buffer.from(`{"card":"4242 4242 4242 4242","junk":"${'x'.repeat(200_000)}"}`);
  await stage.receive({ headers: { 'webhook-id': '4242424242424242', 'user-agent': 'a\0b' }, body });
  const [row] = await stage.rows();
  assert.equal(row?.body.length, 8192);
  assert.equal(row?.body_size, body.length);
  assert.ok(!/4242/.test(String(row?.body) + JSON.stringify(row?.headers)));
});

test('a provider’s secrets are not stored, whether it is believed or not', async () => {
  const hidden = {
    client_secret: 'pi_1_secret_2',
    next_action: { redirect_to_url: { url: 'https://bank.test/secret' } },
  };
  const body = JSON.stringify({ data: { object: { id: 'pi_1', ...hidden } }, junk: 'x'.repeat(9_000) });
  const ping = { id: 'evt_1', type: 'ping', created: '2026-11-21T12:00:00.000Z', data: {} };
  await stage.receive(sign(ping, { secret: secrets[0], at: stage.clock.now(), body }));
  await stage.receive({ headers: {}, body: Buffer.from(body) }, { address: '203.0.113.9' });
  const rows = await stage.rows();
  assert.equal(rows.length, 2);
  for (const row of rows) {
    assert.doesNotMatch(String(row.body), /_secret_|bank\.test/);
    assert.match(String(row.body), /"id":"pi_1","client_secret": "\[redacted\]"/);
  }
});

test('a signed message whose row is gone is a replay all the same', async () => {
  const sent = signed();
  await stage.receive(sent);
  await stage.sql`DELETE FROM provider_webhooks`;
  assert.deepEqual(await stage.receive(sent), { kind: 'rejected', reason: 'replayed' });
  assert.equal(stage.heard.length, 1);
});

test('a flood of forgeries does not keep the copy of a signed message out', async () => {
  const minute = new Date(Math.floor(stage.clock.now().getTime() / 60_000) * 60_000);
  for (const reason of ['address_refused', 'signature_missing', 'signature_wrong'])
    await stage.sql`
      INSERT INTO provider_webhook_rejections (provider, minute, reason, times) VALUES ('alder', ${minute}, ${reason}, 9999)`;
  const sent = signed();
  await stage.receive(sent);
  stage.pass(1);
  await stage.receive(sent);
  assert.deepEqual(
    (await stage.rows()).map(({ reason }) => reason),
    [null, 'replayed'],
  );
});

test('a flood fills no disk: beyond a thousand a minute and reason rejected ones are counted and no longer kept', async () => {
  const minute = new Date(Math.floor(stage.clock.now().getTime() / 60_000) * 60_000);
  await stage.sql`
    INSERT INTO provider_webhook_rejections (provider, minute, reason, times) VALUES ('alder', ${minute}, 'signature_missing', 999)`;
  for (let n = 0; n < 3; n++) await stage.receive({ headers: {}, body: Buffer.from('{}') });
  assert.equal((await stage.rows()).length, 1);
  const [counted] = await stage.sql`SELECT sum(times)::int AS times FROM provider_webhook_rejections`;
  assert.equal(counted?.times, 1002);
  stage.pass(60_000);
  await stage.receive({ headers: {}, body: Buffer.from('{}') });
  assert.equal((await stage.rows()).length, 2);
});
