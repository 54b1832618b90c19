import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import { type Inbox, openInbox, type Received } from '#server/observability/testing/inbox.ts';
import { startProcess } from '#server/observability/testing/process.ts';
import { type Acquirer, authorization, freshKey, ownProcess, visa, webhookSecret } from './testing/acquirer.ts';

let inbox: Inbox;
let acquirer: Acquirer;
before(async () => {
  inbox = await openInbox();
  acquirer = await ownProcess({ webhookUrl: inbox.url });
});
afterEach(async () => {
  inbox.answerWith(200);
  await acquirer.release();
});
after(() => Promise.all([acquirer.stop(), inbox.stop()]));

interface Told {
  id: string;
  type: string;
  created: string;
  data: Record<string, unknown>;
}

const read = ({ body }: Received): Told => JSON.parse(body.toString());
const about = (key: string) => (one: Received) => read(one).data.key === key;
const copiesOf = (key: string) => inbox.received.filter(about(key));

/** As Standard Webhooks says, written out: not read from the code under test. */
function isSigned({ headers, body }: Received): boolean {
  const key = Buffer.from(webhookSecret.slice('whsec_'.length), 'base64');
  const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  return headers['webhook-signature'] === `v1,${createHmac('sha256', key).update(text).digest('base64')}`;
}

/** Seconds by which its timestamp is off. */
const skew = ({ headers }: Received) => Number(headers['webhook-timestamp']) - Date.now() / 1000;

async function pay(number = visa): Promise<string> {
  const key = freshKey();
  await acquirer.post('/authorizations', authorization(number), key);
  return key;
}

async function captured(): Promise<string> {
  const { body } = await acquirer.post('/authorizations', authorization());
  return (await acquirer.post(`/authorizations/${body.id}/captures`, { amount: 1250 })).body.id;
}

/** Anything that was sent before the webhook of this call has come by now, bar what a lever holds back. */
async function settled(): Promise<void> {
  const last = await pay();
  await inbox.find(about(last));
}

test('every decision is told as it was answered, signed, under the key that asked for it', async () => {
  const keys = Array.from({ length: 5 }, freshKey);
  const [authorize, capture, refund, decline, release] = keys as [string, string, string, string, string];
  const authorized = await acquirer.post('/authorizations', authorization(), authorize);
  const taken = await acquirer.post(`/authorizations/${authorized.body.id}/captures`, { amount: 1000 }, capture);
  const answers = [
    authorized,
    taken,
    await acquirer.post(`/captures/${taken.body.id}/refunds`, { amount: 400 }, refund),
    await acquirer.post('/authorizations', authorization('4000000000000002'), decline),
    await acquirer.post(`/authorizations/${authorized.body.id}/voids`, {}, release),
  ];
  assert.deepEqual(
    answers.map(({ body }) => body.status),
    ['approved', 'approved', 'approved', 'declined', 'refused'],
  );
  for (const [at, key] of keys.entries()) {
    const webhook = await inbox.find(about(key));
    const { id, type, data } = read(webhook);
    assert.deepEqual([type, data], ['operation.decided', { key, ...answers[at]?.body }]);
    assert.equal(webhook.headers['webhook-id'], id);
    assert.ok(isSigned(webhook) && Math.abs(skew(webhook)) < 5);
  }
});

test('a repetition, a challenge and a tombstone tell nothing; the answer to a challenge does', async () => {
  const [key, blocked] = [freshKey(), freshKey()];
  const ask = () => acquirer.post('/authorizations', authorization('4000002760003184', { reference: key }), key);
  const { body } = await ask();
  await ask();
  await acquirer.post(`/operations/${freshKey()}/voids`, {}, blocked);
  await settled();
  assert.deepEqual([...copiesOf(key), ...copiesOf(blocked)], []);
  const form = new URLSearchParams({ answer: 'approve' });
  await fetch(String(body.challenge_url), { method: 'POST', body: form });
  const { data } = read(await inbox.find(about(key)));
  assert.deepEqual([data.status, data.id, data.amount], ['approved', body.id, 1250]);
  await settled();
  assert.equal(copiesOf(key).length, 1);
});

test('a chargeback and a refund made in the console are told as such, and stand in the books', async () => {
  const capture = await captured();
  const refund = await acquirer.post('/console/refunds', { capture, amount: 250 });
  const chargeback = await acquirer.post('/chargebacks', { capture, amount: 1250 });
  for (const [type, { body }, amount] of [
    ['refund.made_in_console', refund, 250],
    ['chargeback.opened', chargeback, 1250],
  ] as const) {
    const told = read(await inbox.find((one) => read(one).data.id === body.id));
    assert.deepEqual([told.type, told.data], [type, { id: body.id, capture_id: capture, amount, currency: 'EUR' }]);
  }
  const books = (await acquirer.books()).slice(-2);
  assert.deepEqual(
    books.map(({ kind, amount, origin }) => [kind, amount, origin]),
    [
      ['refund', 250, 'console'],
      ['chargeback', 1250, 'console'],
    ],
  );
  assert.equal((await acquirer.post('/chargebacks', { capture, amount: 1 })).status, 422);
  assert.equal((await acquirer.post(`/captures/${capture}/refunds`, { amount: 1001 })).status, 422);
  assert.equal((await acquirer.post('/chargebacks', { capture: 'cap_x', amount: 1 })).status, 404);
});

test('a hold that is let go in the console stands in the books, and nobody is told', async () => {
  const { body } = await acquirer.post('/authorizations', authorization());
  const release = await acquirer.post('/console/voids', { authorization: body.id });
  assert.equal(release.status, 201);
  assert.equal((await acquirer.post('/console/voids', { authorization: body.id })).body.code, 'authorization_voided');
  assert.deepEqual(
    (await acquirer.books()).slice(-1).map(({ kind, authorization: of, origin }) => [kind, of, origin]),
    [['void', body.id, 'console']],
  );
  await settled();
  assert.ok(inbox.received.every((one) => read(one).data.id !== release.body.id));
});

test('what is not taken is sent again, the same but for its time, until it is', async () => {
  inbox.answerWith(503);
  const key = await pay();
  await inbox.find(about(key));
  inbox.answerWith(200);
  const [first, second] = [await inbox.find(about(key)), await inbox.find(about(key), 2)];
  assert.ok(isSigned(second));
  assert.deepEqual(second.body, first.body);
  assert.equal(second.headers['webhook-id'], first.headers['webhook-id']);
});

test('duplicates are the same to the byte and all signed', async () => {
  await acquirer.pull({ fault: 'webhook_duplicate', copies: 50, times: 1 });
  const key = await pay();
  await inbox.find(about(key), 50);
  assert.equal(new Set(copiesOf(key).map(({ headers, body }) => headers['webhook-signature'] + String(body))).size, 1);
  assert.ok(copiesOf(key).every(isSigned));
});

test('a reordered one comes after the next, and one that nothing overtakes comes all the same', async () => {
  await acquirer.pull({ fault: 'webhook_reorder', times: 1 });
  const [early, late] = [await pay(), await pay()];
  await inbox.find(about(early));
  const order = inbox.received.map((one) => read(one).data.key).filter((key) => key === early || key === late);
  assert.deepEqual(order, [late, early]);
});

test('dropped is never sent; delayed is sent late', async () => {
  await acquirer.pull({ fault: 'webhook_drop', times: 1, last4: '4444' });
  const dropped = await pay('5555555555554444');
  await acquirer.pull({ fault: 'webhook_delay', milliseconds: 400, times: 1 });
  const began = Date.now();
  const delayed = await pay();
  const webhook = await inbox.find(about(delayed));
  assert.ok(Date.now() - began >= 399 && isSigned(webhook));
  assert.deepEqual(copiesOf(dropped), []);
});

test('forged is signed with another key; stale and future are signed well at a wrong time', async () => {
  await acquirer.pull({ fault: 'webhook_forge', times: 1 });
  assert.equal(isSigned(await inbox.find(about(await pay()))), false);
  for (const [fault, seconds] of [
    ['webhook_stale', -600],
    ['webhook_future', 600],
  ] as const) {
    await acquirer.pull({ fault, times: 1 });
    const webhook = await inbox.find(about(await pay()));
    assert.ok(isSigned(webhook) && Math.abs(skew(webhook) - seconds) < 5);
  }
});

test('a wrong amount or currency is signed well', async () => {
  for (const [fault, money] of [
    ['webhook_wrong_amount', [1251, 'EUR']],
    ['webhook_wrong_currency', [1250, 'USD']],
  ] as const) {
    await acquirer.pull({ fault, times: 1 });
    const webhook = await inbox.find(about(await pay()));
    assert.ok(isSigned(webhook));
    assert.deepEqual([read(webhook).data.amount, read(webhook).data.currency], money);
  }
});

test('a replayed one is the old one to the byte, by lever and by hand', async () => {
  const [first] = inbox.received;
  assert.ok(first);
  const isAgain = ({ headers }: Received) => headers['webhook-id'] === first.headers['webhook-id'];
  await acquirer.pull({ fault: 'webhook_replay', times: 1 });
  await pay();
  await inbox.find(isAgain, 2);
  const { body } = await acquirer.post('/webhooks/replay', { id: read(first).id });
  assert.deepEqual(body, { replayed: 1 });
  const again = inbox.received.filter(isAgain);
  assert.equal(again.length, 3);
  for (const one of again) {
    assert.deepEqual([one.body, one.headers['webhook-signature']], [first.body, first.headers['webhook-signature']]);
  }
  assert.deepEqual((await acquirer.post('/webhooks/replay', { count: 3 })).body, { replayed: 3 });
});

test('an address without a secret, and a secret that is none, stop the start', async () => {
  const env = {
    FLORIN_MODE: 'test',
    FLORIN_SANDBOX_NAME: 'alder',
    FLORIN_SANDBOX_PORT: '30000',
    FLORIN_SANDBOX_KEY: 'key',
    FLORIN_SANDBOX_DIR: acquirer.folder,
    FLORIN_SANDBOX_FEES: '{"basisPoints":140,"fixed":25}',
    FLORIN_SANDBOX_WEBHOOK_URL: inbox.url,
  };
  const start = (more: object) =>
    startProcess('server/sandbox/main.ts', { env: { ...env, ...more }, ready: 'http://127.0.0.1:1/ready' });
  await assert.rejects(start({}), /FLORIN_SANDBOX_WEBHOOK_SECRET is missing/);
  await assert.rejects(
    start({ FLORIN_SANDBOX_WEBHOOK_SECRET: 'hello' }),
    /WEBHOOK_SECRET is malformed: it must be whsec_/,
  );
});
