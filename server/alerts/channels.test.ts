import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Webhook } from 'standardwebhooks';
import { Secret } from '#server/kernel/secret.ts';
import type { Channels, Message } from './channel.ts';
import { makeChannels } from './channels.ts';
import { type HttpReceiver, startHttpReceiver } from './testing/http-receiver.ts';
import { type MailServer, startMailServer } from './testing/mail-server.ts';

const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const patient = new AbortController().signal;

let http: HttpReceiver;
let mail: MailServer;
let channels: ReturnType<typeof makeChannels>;
before(async () => {
  [http, mail] = await Promise.all([startHttpReceiver(), startMailServer()]);
  channels = makeChannels(told());
});
after(async () => {
  await channels.close();
  await Promise.all([http.close(), mail.close()]);
});

const told = (fields = {}) => ({
  FLORIN_SMTP_URL: new Secret(mail.url),
  FLORIN_SMTP_FROM: 'Florin <alerts@florin.test>',
  FLORIN_PAGERDUTY_URL: http.url,
  FLORIN_WEB_URL: 'http://localhost:3000',
  FLORIN_MODE: 'test' as const,
  ...fields,
});

function message(fields: Partial<Message>): Message {
  return {
    delivery: '01935e2a-0000-7000-8000-00000000000d',
    news: 'raised',
    alert: {
      id: '01935e2a-0000-7000-8000-00000000000a',
      kind: 'escalation_opened',
      merchantId: '01935e2a-0000-7000-8000-000000000001',
      subject: 'e1',
      severity: 'critical',
      title: 'A provider does not say whether it moved money',
      detail: { Payment: 'ch_1' },
      path: '/admin/escalations/e1',
      raisedAt: new Date('2026-01-01T12:00:00Z'),
    },
    at: new Date(),
    address: 'ops@harbour.test',
    secret: null,
    ...fields,
  };
}

test('a mail says what is wrong and where to look, and all about one alert stand in one thread', async () => {
  await channels.email.send(message({}), patient);
  await channels.email.send(message({ news: 'resolved' }), patient);
  const [raised, over] = mail.mails;
  assert.deepEqual([raised?.from, raised?.to], ['alerts@florin.test', ['ops@harbour.test']]);
  assert.match(raised?.text ?? '', /^Subject: \[critical\] A provider does not say whether it moved money$/m);
  assert.match(raised?.text ?? '', /^Payment: ch_1$/m);
  assert.match(raised?.text ?? '', /^http:\/\/localhost:3000\/admin\/escalations\/e1$/m);
  assert.match(over?.text ?? '', /^Subject: \[critical\] Over: A provider/m);
  const thread = /^References: <01935e2a-0000-7000-8000-00000000000a@florin\.test>$/m;
  assert.match(raised?.text ?? '', thread);
  assert.match(over?.text ?? '', thread);
});

test('a line break in a title makes no head line of its own', async () => {
  const { alert } = message({});
  await channels.email.send(message({ alert: { ...alert, title: 'a\r\nBcc: stranger@evil.test' } }), patient);
  const { to, text } = mail.mails.at(-1) ?? assert.fail();
  assert.deepEqual(to, ['ops@harbour.test']);
  assert.doesNotMatch(text.split('\n\n', 1)[0] ?? '', /^Bcc:/m);
});

test('a mail server that refuses, and one that is not there, are heard of', async () => {
  mail.refuse(1);
  await assert.rejects(channels.email.send(message({}), patient), /452/);
  const gone = makeChannels(told({ FLORIN_SMTP_URL: new Secret('smtp://127.0.0.1:1') }));
  await assert.rejects(gone.email.send(message({}), patient), /ECONNREFUSED/);
});

test('without a mail server the channel says why it is off', async () => {
  const off = makeChannels(told({ FLORIN_SMTP_URL: undefined }));
  assert.deepEqual(off.off, ['email']);
  await assert.rejects(off.email.send(message({}), patient), /FLORIN_SMTP_URL is not set/);
});

test('live mode sends no mail in the open', async () => {
  const live = makeChannels(told({ FLORIN_MODE: 'live' }));
  await assert.rejects(live.email.send(message({}), patient), /TLS/i);
});

test('a webhook is signed as Standard Webhooks has it, and its id stays the same over all tries', async () => {
  const one = message({ address: `${http.url}/hook`, secret });
  assert.equal(await channels.webhook.send(one, patient), 'answered 202');
  await channels.webhook.send({ ...one, at: new Date(Date.now() + 2_000) }, patient);
  const [first, second] = http.posts.filter(({ path }) => path === '/hook');
  const { headers, body } = first ?? assert.fail();
  const read = new Webhook(secret).verify(body, headers as Record<string, string>) as { type: string; data: object };
  assert.equal(read.type, 'alert.raised');
  assert.deepEqual(read.data, {
    id: one.alert.id,
    kind: 'escalation_opened',
    severity: 'critical',
    merchant: one.alert.merchantId,
    subject: 'e1',
    title: one.alert.title,
    detail: { Payment: 'ch_1' },
    url: 'http://localhost:3000/admin/escalations/e1',
    raised_at: '2026-01-01T12:00:00.000Z',
  });
  assert.equal(second?.headers['webhook-id'], headers['webhook-id']);
  assert.notEqual(second?.headers['webhook-timestamp'], headers['webhook-timestamp']);
  const other = new Webhook(`whsec_${Buffer.alloc(32, 8).toString('base64')}`);
  assert.throws(() => other.verify(body, headers as Record<string, string>));
});

test('an error and a redirect are not taken for having arrived', async () => {
  for (const status of [500, 307, 410]) {
    http.answers.push(status);
    const call = channels.webhook.send(message({ address: `${http.url}/hook`, secret }), patient);
    await assert.rejects(call, { message: `answered ${status}` });
  }
  assert.ok(!http.posts.some(({ path }) => path === '/elsewhere'));
});

test('in live mode no webhook reaches into the private network, and none goes in the open', async () => {
  const before = http.posts.length;
  const live: Channels & { close(): Promise<void> } = makeChannels(told({ FLORIN_MODE: 'live' }));
  const call = (address: string) => live.webhook.send(message({ address, secret }), patient);
  await assert.rejects(call(http.url.replace('http:', 'https:')), /not on the public internet/);
  await assert.rejects(call(http.url), /https alone/);
  assert.equal(http.posts.length, before);
  await live.close();
});

test('PagerDuty hears of one incident: triggered, acknowledged, resolved under one key', async () => {
  const one = message({ address: 'Payments on call', secret: 'routing-key-1' });
  for (const news of ['raised', 'acknowledged', 'resolved'] as const) {
    await channels.pagerduty.send({ ...one, news }, patient);
  }
  const events = http.posts.filter(({ path }) => path === '/v2/enqueue').map(({ body }) => JSON.parse(body));
  assert.deepEqual(
    events.map(({ event_action, dedup_key, routing_key }) => [event_action, dedup_key, routing_key]),
    ['trigger', 'acknowledge', 'resolve'].map((action) => [action, one.alert.id, 'routing-key-1']),
  );
  assert.deepEqual(events[0].payload, {
    summary: one.alert.title,
    source: 'localhost:3000',
    severity: 'critical',
    timestamp: '2026-01-01T12:00:00.000Z',
    class: 'escalation_opened',
    custom_details: { Payment: 'ch_1' },
  });
});
