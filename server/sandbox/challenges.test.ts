import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { type Acquirer, type Answer, authorization, freshKey, inProcess, ownProcess } from './testing/acquirer.ts';

let acquirer: Acquirer;
before(async () => {
  acquirer = await ownProcess();
});
afterEach(() => acquirer.release());
after(() => acquirer.stop());

const asks = '4000002760003184';
const returnUrl = 'http://localhost:3000/checkout/cs_1/return?a=1&b=2';

interface Asked {
  key: string;
  first: Answer;
  url: string;
  inquire(): Promise<Answer['body']>;
}

async function challenged(number = asks, fields: object = { return_url: returnUrl }, at = acquirer): Promise<Asked> {
  const key = freshKey();
  const first = await at.post('/authorizations', authorization(number, { reference: key, ...fields }), key);
  assert.deepEqual([first.status, first.body.status], [202, 'challenged']);
  const url = String(first.body.challenge_url);
  return { key, first, url, inquire: async () => (await at.get(`/operations/${key}`)).body };
}

/** As the bank's form does. */
function say(url: string, answer: string): Promise<Response> {
  return fetch(url, { method: 'POST', body: new URLSearchParams({ answer }), redirect: 'manual' });
}

const ends: [number: string, answer: string, status: string, code: string | undefined][] = [
  [asks, 'approve', 'approved', undefined],
  ['4000000000003220', 'approve', 'approved', undefined],
  [asks, 'decline', 'declined', 'cardholder_not_authenticated'],
  [asks, 'cancel', 'declined', 'challenge_cancelled'],
  ['4000008400001629', 'approve', 'declined', 'do_not_honour'],
  ['4000008260003178', 'approve', 'declined', 'insufficient_funds'],
];

for (const [number, answer, status, code] of ends) {
  test(`a card ending in ${number.slice(-4)} asks its holder; "${answer}" makes it ${code ?? status}`, async () => {
    const { key, first, url, inquire } = await challenged(number);
    assert.deepEqual(await inquire(), first.body);
    assert.deepEqual(await acquirer.books(`?reference=${key}`), []);
    const back = await say(url, answer);
    assert.deepEqual([back.status, back.headers.get('location')], [303, returnUrl]);
    const { status: now, code: why, id, challenge_url } = await inquire();
    assert.deepEqual([now, why, id, challenge_url], [status, code, first.body.id, undefined]);
    assert.equal((await acquirer.books(`?reference=${key}`)).length, status === 'approved' ? 1 : 0);
  });
}

test('the first answer counts; later ones, a reload and going back only go on to the shop', async () => {
  const { url, inquire } = await challenged();
  await Promise.all([say(url, 'decline'), say(url, 'decline')]);
  for (const visit of [() => say(url, 'approve'), () => fetch(url, { redirect: 'manual' })]) {
    const { status, headers } = await visit();
    assert.deepEqual([status, headers.get('location')], [303, returnUrl]);
  }
  assert.equal((await inquire()).status, 'declined');
});

test('an authorisation that was answered is captured as any other; before, it is not there', async () => {
  const { first, url } = await challenged();
  const capture = () => acquirer.post(`/authorizations/${first.body.id}/captures`, { amount: 1250 });
  assert.equal((await capture()).status, 404);
  await say(url, 'approve');
  assert.equal((await capture()).status, 201);
});

test('the same request again is told how things stand', async () => {
  const { key, first, url } = await challenged();
  const fields = { reference: key, return_url: returnUrl };
  const again = () => acquirer.post('/authorizations', authorization(asks, fields), key);
  assert.deepEqual(await again(), { ...first, replayed: true });
  await say(url, 'approve');
  assert.deepEqual([(await again()).status, (await again()).body.status], [201, 'approved']);
  const elsewhere = authorization(asks, { ...fields, return_url: 'http://localhost:3000/other' });
  assert.equal((await acquirer.post('/authorizations', elsewhere, key)).status, 409);
});

async function untilDeclined(inquire: Asked['inquire']): Promise<string | undefined> {
  const end = Date.now() + 10_000;
  for (;;) {
    const { status, code } = await inquire();
    if (status !== 'challenged') return code;
    assert.ok(Date.now() < end, 'the challenge never ends');
  }
}

test('a challenge that nobody answers ends as declined, after ten minutes or as the lever says', async () => {
  const { first } = await challenged();
  const left = Date.parse(String(first.body.expires_at)) - Date.now();
  assert.ok(left > 590_000 && left <= 600_000);
  await acquirer.pull({ fault: 'challenge_lifetime', milliseconds: 300, times: 1 });
  const { url, inquire } = await challenged();
  assert.equal(await untilDeclined(inquire), 'challenge_timed_out');
  assert.equal((await say(url, 'approve')).status, 303);
  assert.equal((await inquire()).status, 'declined');
});

test('after a kill the next start knows the challenge, and ends one whose time is over', async () => {
  const first = await ownProcess();
  const open = await challenged(asks, { return_url: returnUrl }, first);
  await first.pull({ fault: 'challenge_lifetime', milliseconds: 300, times: 1 });
  const late = await challenged(asks, {}, first);
  await first.stop('SIGKILL');
  const second = await ownProcess({ folder: first.folder });
  const inquire = async ({ key }: Asked) => (await second.get(`/operations/${key}`)).body;
  const { challenge_url } = await inquire(open);
  assert.equal(await untilDeclined(() => inquire(late)), 'challenge_timed_out');
  await say(String(challenge_url), 'approve');
  assert.equal((await inquire(open)).status, 'approved');
  await second.stop();
});

test('a tombstone ends a challenge: an approval that comes later does nothing', async () => {
  const { key, url, inquire } = await challenged();
  assert.equal((await acquirer.post(`/operations/${key}/voids`, {})).status, 201);
  await say(url, 'approve');
  assert.deepEqual([(await inquire()).status, (await inquire()).code], ['refused', 'operation_voided']);
  assert.deepEqual(await acquirer.books(`?reference=${key}`), []);
});

test('birch shows a finished challenge as still open until its lag is over, and never as unknown', async (t) => {
  const birch = await inProcess({ name: 'birch' });
  t.after(() => birch.stop());
  const { url, inquire } = await challenged(asks, {}, birch);
  const end = Date.now() + 10_000;
  while ((await inquire()).status === 'absent') assert.ok(Date.now() < end);
  await say(url, 'approve');
  assert.equal((await inquire()).status, 'challenged');
  assert.equal(await untilDeclined(inquire), undefined);
  assert.equal((await inquire()).status, 'approved');
});

test('the page says what is asked, runs no script, and may be shown by the shop alone', async () => {
  const { url } = await challenged();
  const page = await fetch(url);
  const html = await page.text();
  for (const words of ['Alder Bank', 'test page', '€12.50', 'ending in 3184', 'Approve', 'Decline', 'Cancel']) {
    assert.ok(html.includes(words), words);
  }
  const policy = page.headers.get('content-security-policy') ?? '';
  assert.match(policy, /default-src 'none'; style-src 'sha256-/);
  assert.match(policy, /frame-ancestors http:\/\/localhost:3000$/);
  assert.match(policy, /form-action 'self' http:\/\/localhost:3000;/);
  assert.doesNotMatch(html, /<script|checkout/);
});

test('without a return address the answer is said on the page, which nobody may frame', async () => {
  const { url } = await challenged(asks, {});
  const page = await say(url, 'approve');
  assert.equal(page.status, 200);
  assert.match(await page.text(), /You approved the payment/);
  assert.match(page.headers.get('content-security-policy') ?? '', /frame-ancestors 'none'$/);
});

test('an unknown challenge is a 404, an answer that is none asks again, and no id is like another', async () => {
  const { url, inquire } = await challenged();
  assert.equal((await say(`${url}x`, 'approve')).status, 404);
  for (const nonsense of ['', 'yes', 'time_out', 'approve ']) assert.equal((await say(url, nonsense)).status, 200);
  assert.equal((await inquire()).status, 'challenged');
  assert.match(url, /\/challenges\/[\w-]{32}$/);
  assert.notEqual((await challenged()).url, url);
});

test('a return address that a browser should not be sent to is a 400', async () => {
  for (const address of [
    'javascript:alert(1)',
    'data:text/html,x',
    '/checkout',
    'florin',
    7,
    `http://a/${'x'.repeat(2_000)}`,
  ]) {
    const answer = await acquirer.post('/authorizations', authorization(asks, { return_url: address }));
    assert.deepEqual([answer.status, answer.body.error?.param], [400, 'return_url']);
  }
});

test('who knows the address may answer, so it is never in the log', async () => {
  const { url } = await challenged();
  await say(url, 'approve');
  assert.ok(!acquirer.output().includes(url.slice(-32)));
});
