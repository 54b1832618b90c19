import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import { Secret } from '#server/kernel/secret.ts';
import { startAcquirer } from './testing/acquirer.ts';
import {
  authorization,
  type GivenVault,
  givenParcel,
  givenScope,
  givenToken,
  givenVault,
  visa,
  wholeCard,
} from './testing/given.ts';

let vault: GivenVault;

before(async () => {
  vault = await givenVault({});
});

afterEach(() => {
  vault.acquirer.says();
  vault.acquirer.heard.length = 0;
  vault.back();
});

after(() => vault.stop());

async function given(changes: object = {}) {
  const scope = givenScope();
  const token = await givenToken(vault, scope);
  return { scope, token, parcel: givenParcel(scope, token, changes) };
}

const send = (parcel: object, caller: 'api' | 'worker' | 'web' = 'api') => vault.ask('/egress', parcel, caller);
const outcome = async (parcel: object) => {
  const { body } = await send(parcel);
  return body.kind === 'not_sent' ? body.code : (body.why ?? body.status);
};

test('the card is filled in, the credential and the key are set here, and the answer comes back', async () => {
  const { parcel } = await given();
  const { status, body } = await send(parcel);
  assert.equal(status, 200);
  assert.deepEqual(
    { ...body, milliseconds: 0 },
    {
      kind: 'answered',
      status: 201,
      body: { id: 'auth_1', status: 'approved', amount: 1250, currency: 'EUR' },
      milliseconds: 0,
    },
  );
  const [heard] = vault.acquirer.heard;
  assert.equal(heard?.path, '/authorizations');
  assert.equal(heard?.headers.authorization, 'Bearer alder-key');
  assert.equal(heard?.headers['idempotency-key'], `${parcel.operation}-1`);
  assert.deepEqual(JSON.parse(heard?.text ?? ''), {
    amount: 1250,
    currency: 'EUR',
    reference: 'order-1',
    card: { number: visa.number, exp_month: 4, exp_year: visa.exp_year, cvc: '737' },
  });
});

test('a line in the log says who used which card for which payment', async () => {
  const { parcel } = await given();
  await send(parcel, 'worker');
  const line = vault.lines.map((text) => JSON.parse(text)).find(({ payment }) => payment === parcel.payment);
  assert.equal(line.peer, 'worker');
  assert.equal(line.outcome, 'answered');
  assert.match(line.card, /^[0-9a-f-]{36}$/);
});

test('a token is worth nothing to another merchant, intent or currency, or above its amount', async () => {
  const { parcel } = await given();
  const misuses = [
    { merchantId: randomUUID() },
    { intentId: randomUUID() },
    { currency: 'USD', body: authorization('1250', 'USD') },
    { amount: '1251', body: authorization('1251', 'EUR') },
    { token: `pm_${'A'.repeat(32)}` },
  ];
  for (const misuse of misuses)
    assert.equal(await outcome({ ...parcel, ...misuse }), 'token_unusable', JSON.stringify(misuse));
  assert.equal(vault.acquirer.heard.length, 0);
});

test('what the provider is told to charge is what the token is checked for', async () => {
  const { parcel } = await given();
  assert.equal(await outcome({ ...parcel, body: authorization('9999', 'EUR') }), 'token_unusable');
  assert.equal(await outcome({ ...parcel, body: authorization('1250', 'USD') }), 'token_unusable');
  assert.equal(await outcome({ ...parcel, amount: '1000', body: authorization('1000', 'EUR') }), 201, 'less is fine');
});

test('a token belongs to the first payment that uses it, for all its sends and for no other', async () => {
  vault.acquirer.saysJson(503, { status: 'error' });
  const { parcel } = await given();
  assert.equal(await outcome(parcel), 503);
  assert.equal(await outcome({ ...parcel, payment: randomUUID(), operation: randomUUID() }), 'token_unusable');
  assert.equal(await outcome({ ...parcel, send: 2 }), 503);
  assert.equal(vault.acquirer.heard.length, 2);
});

test('of two payments that use one token at once, one gets it', async () => {
  const { parcel } = await given();
  const rivals = Array.from({ length: 8 }, () => ({ ...parcel, payment: randomUUID(), operation: randomUUID() }));
  const outcomes = await Promise.all(rivals.map(outcome));
  assert.equal(outcomes.filter((one) => one === 201).length, 1);
  assert.equal(vault.acquirer.heard.length, 1);
});

test('an expired token is refused', async () => {
  const { parcel } = await given();
  vault.advance(16 * 60_000);
  const late = { ...parcel, sendBefore: new Date(Date.now() + 20 * 60_000).toISOString() };
  assert.equal(await outcome(late), 'token_unusable');
});

test('a placeholder anywhere but at its own place is refused, and nothing leaves', async () => {
  const { parcel } = await given();
  const body = authorization('1250', 'EUR');
  const smuggled = [
    { ...body, reference: '{{card.number}}' },
    { ...body, metadata: { note: ['{{card.number}}'] } },
    { ...body, reference: 'order {{card.number}}' },
    { ...body, reference: '{{ card.cvc }}' },
    { ...body, card: { ...wholeCard, cvc: '{{card.number}}' } },
    { ...body, card: { ...wholeCard, '{{card.cvc}}': 'x' } },
    { ...body, 'card/number': '{{card.number}}' },
    { ...body, card: { ...wholeCard, name: '{{card.unknown}}' } },
  ];
  for (const one of smuggled)
    assert.equal(await outcome({ ...parcel, body: one }), 'placeholder_refused', JSON.stringify(one));
  const capture = { method: 'POST', path: '/authorizations/auth_1/captures', body: { amount: '{{card.number}}' } };
  assert.equal(await outcome({ ...parcel, ...capture }), 'placeholder_refused');
  assert.equal(await outcome({ ...parcel, token: undefined }), 'token_unusable');
  assert.equal(vault.acquirer.heard.length, 0);
});

test('a path, method or provider off the allow-list is refused, and nothing leaves', async () => {
  const { parcel } = await given();
  const bare = { ...parcel, token: undefined, body: {} };
  for (const path of [
    '/levers',
    '/authorizations/../levers',
    '/authorizations/../captures',
    '/authorizations/a/captures?x=1',
    '/authorizations/a%2f/captures',
    '//evil.test/authorizations',
    '/books',
  ]) {
    assert.equal(await outcome({ ...bare, path }), 'not_allow_listed', path);
  }
  assert.equal(await outcome({ ...bare, method: 'GET', path: '/authorizations' }), 'not_allow_listed');
  assert.equal(await outcome({ ...bare, provider: 'http://evil.test' }), 'provider_unknown');
  assert.equal(vault.acquirer.heard.length, 0);
});

test('an inquiry goes out without card, key or body', async () => {
  const { parcel } = await given();
  const inquiry = {
    ...parcel,
    method: 'GET',
    path: `/operations/${parcel.operation}-1`,
    body: undefined,
    token: undefined,
  };
  assert.equal(await outcome(inquiry), 201);
  assert.equal(vault.acquirer.heard[0]?.headers['idempotency-key'], undefined);
  assert.equal(vault.acquirer.heard[0]?.text, '');
  assert.equal(await outcome(inquiry), 201, 'it changes nothing, and may be asked as often as it takes');
  assert.equal(await outcome({ ...inquiry, send: 2, token: parcel.token }), 'placeholder_refused');
});

test('the verification code is gone after an approval', async () => {
  const { parcel } = await given();
  assert.equal(await outcome(parcel), 201);
  assert.equal(await outcome({ ...parcel, send: 2 }), 'verification_code_gone');
  const withoutCode = authorization('1250', 'EUR', { ...wholeCard, cvc: undefined });
  assert.equal(await outcome({ ...parcel, send: 2, body: withoutCode }), 201, 'the number is still there');
  assert.ok(!vault.acquirer.heard[1]?.text.includes('737'));
});

test('the verification code is gone after a decline', async () => {
  vault.acquirer.saysJson(402, { status: 'declined', code: 'insufficient_funds' });
  const { parcel } = await given();
  assert.equal(await outcome(parcel), 402);
  assert.equal(await outcome({ ...parcel, operation: randomUUID() }), 'verification_code_gone');
});

test('with another provider to ask, the code outlives trouble with the first, and an approval ends it', async (t) => {
  const { first, next, status, second } = await givenTwo(t);
  for (const code of ['issuer_error', 'N96']) {
    vault.acquirer.saysJson(402, { status: 'declined', code });
    assert.equal((await status({ ...first, operation: randomUUID() })).status, 402);
  }
  vault.acquirer.saysJson(202, { status: 'challenged' });
  assert.equal((await status(first)).status, 202);
  assert.equal((await status(next)).status, 201);
  assert.ok(second.heard[0]?.text.includes('"cvc":"737"'));
  assert.equal((await status({ ...next, operation: randomUUID() })).code, 'verification_code_gone');
});

test('a decline for good ends the code although another provider could be asked', async (t) => {
  for (const said of [
    { status: 'declined', code: 'insufficient_funds' },
    { status: 'declined', code: 'N41' },
    { status: 'declined', code: 'a_word_of_next_year' },
    { status: 'declined' },
  ]) {
    const { first, next, status, second } = await givenTwo(t);
    vault.acquirer.saysJson(402, said);
    assert.equal((await status(first)).status, 402);
    assert.equal((await status(next)).code, 'verification_code_gone', JSON.stringify(said));
    assert.equal(second.heard.length, 0);
  }
});

test('an inquiry that hears how a challenge ended ends the code, where that was the last word', async (t) => {
  const { first, next, status, second } = await givenTwo(t);
  vault.acquirer.saysJson(202, { status: 'challenged' });
  assert.equal((await status(first)).status, 202);
  const path = `/operations/${first.operation}-1`;
  const inquiry = { ...first, method: 'GET', path, body: undefined, token: undefined, more: undefined };
  const inquire = (said: object, payment = first.payment) => {
    vault.acquirer.saysJson(200, { kind: 'authorization', ...said });
    return status({ ...inquiry, payment });
  };
  second.saysJson(500, {});
  const atSecond = (send: number) => status({ ...next, send });
  await inquire({ status: 'challenged' });
  await inquire({ status: 'declined', code: 'issuer_error' });
  await inquire({ kind: 'tombstone', status: 'approved' });
  await inquire({ status: 'approved' }, randomUUID());
  assert.equal((await atSecond(1)).status, 500);
  assert.equal((await atSecond(2)).status, 500, 'none of that was the last word on this payment');
  await inquire({ status: 'declined', code: 'insufficient_funds' });
  assert.equal((await atSecond(3)).code, 'verification_code_gone');
});

test('where no other provider is asked, the code goes once the bank asks the cardholder', async () => {
  vault.acquirer.saysJson(202, { status: 'challenged' });
  const { parcel } = await given();
  assert.equal(await outcome(parcel), 202);
  assert.equal(await outcome({ ...parcel, send: 2 }), 'verification_code_gone');
});

/** Two providers, and one token for a payment that may be asked for at both. */
async function givenTwo(t: TestContext) {
  const second = await startAcquirer();
  t.after(() => second.stop());
  const alder = { kind: 'sandbox' as const, url: vault.acquirer.url, key: new Secret('alder-key') };
  const two = await givenVault({ providers: { alder, birch: { ...alder, url: second.url } } });
  t.after(() => two.stop());
  const scope = givenScope();
  const first = givenParcel(scope, await givenToken(two, scope), { more: true });
  const next = { ...first, operation: randomUUID(), provider: 'birch' };
  return { first, next, second, status: async (parcel: object) => (await two.ask('/egress', parcel)).body };
}

test('the verification code is kept while the outcome is open, and gone when the token expires', async () => {
  const { parcel } = await given();
  vault.acquirer.saysJson(500, { error: 'try again' });
  assert.equal(await outcome(parcel), 500);
  vault.acquirer.says((response) => response.destroy());
  assert.equal(await outcome({ ...parcel, send: 2 }), 'connection_lost');
  vault.acquirer.saysJson(500, {});
  assert.equal(await outcome({ ...parcel, send: 3 }), 500);
  assert.ok(vault.acquirer.heard.every(({ text }) => text.includes('"cvc":"737"')));
  vault.advance(16 * 60_000);
  assert.equal(await outcome({ ...parcel, send: 4 }), 'token_unusable');
});

test('a code that no process holds any more is asked for again', async () => {
  const { parcel } = await given();
  await vault.owner`UPDATE tokens SET holder = 'https://127.0.0.1:9' WHERE payment_id IS NULL`;
  const { parcel: other } = await given();
  await vault.owner`UPDATE tokens SET id = gen_random_uuid() WHERE payment_id IS NULL AND holder = ${vault.settings.self}`;
  assert.equal(await outcome(parcel), 201, 'its code is in this process, whatever the row says');
  assert.equal(await outcome(other), 'verification_code_gone');
});

test('sealed numbers that were swapped between two records do not open', async () => {
  const first = await given();
  const second = await given();
  const rows =
    await vault.owner`SELECT id, sealed FROM tokens WHERE intent_id IN ${vault.owner([first.scope.intentId, second.scope.intentId])}`;
  assert.equal(rows.length, 2);
  await vault.owner`UPDATE tokens SET sealed = ${rows[1]?.sealed} WHERE id = ${rows[0]?.id}`;
  await vault.owner`UPDATE tokens SET sealed = ${rows[0]?.sealed} WHERE id = ${rows[1]?.id}`;
  assert.equal(await outcome(first.parcel), 'unavailable');
  assert.equal(await outcome(second.parcel), 'unavailable');
  assert.equal(vault.acquirer.heard.length, 0);
});

test('each send leaves once, however often it is handed in', async () => {
  vault.acquirer.saysJson(503, {});
  const { parcel } = await given();
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => outcome(parcel)));
  assert.deepEqual(outcomes.map(String).sort(), ['503', ...Array(19).fill('already_sent')]);
  assert.equal(await outcome(parcel), 'already_sent');
  assert.equal(vault.acquirer.heard.length, 1);
  assert.equal(await outcome({ ...parcel, step: 2 }), 503);
});

test('a send that has left is never told as not sent, whatever stands in its way by now', async () => {
  const { parcel } = await given();
  assert.equal(await outcome(parcel), 201);
  assert.equal(await outcome(parcel), 'already_sent', 'its code went with the approval');
  const late = { ...parcel, sendBefore: new Date(Date.now() - 1).toISOString() };
  assert.equal(await outcome(late), 'already_sent');
  assert.equal(await outcome({ ...parcel, provider: 'gone' }), 'already_sent', 'the provider has left the list');
  vault.advance(16 * 60_000);
  assert.equal(await outcome(parcel), 'already_sent', 'its token has expired');
  assert.equal(await outcome({ ...parcel, send: 2 }), 'token_unusable', 'this one has not left');
  assert.equal(vault.acquirer.heard.length, 1);
});

test('of twenty equal parcels around one approval, one is answered and none is told as not sent', async () => {
  const { parcel } = await given();
  const answers: Promise<unknown>[] = [];
  // The last ten arrive as the provider approves: some find the code there, others find it gone.
  vault.acquirer.says((response) => {
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":"auth_1","status":"approved"}');
    answers.push(...Array.from({ length: 10 }, () => outcome(parcel)));
  });
  const first = await Promise.all(Array.from({ length: 10 }, () => outcome(parcel)));
  const outcomes = [...first, ...(await Promise.all(answers))];
  assert.deepEqual(outcomes.map(String).sort(), ['201', ...Array(19).fill('already_sent')]);
  assert.equal(vault.acquirer.heard.length, 1);
});

test('a send whose claim cannot be looked up is not told as not sent', async () => {
  const { parcel } = await given();
  assert.equal(await outcome(parcel), 201);
  await vault.owner`ALTER TABLE sends RENAME TO sends_away`;
  const replayed = await outcome(parcel);
  await vault.owner`ALTER TABLE sends_away RENAME TO sends`;
  assert.equal(replayed, 'claims_unreadable');
});

test('a request that is too late does not leave', async () => {
  const { parcel } = await given();
  assert.equal(await outcome({ ...parcel, sendBefore: new Date(Date.now() - 1).toISOString() }), 'too_late');
  assert.equal(vault.acquirer.heard.length, 0);
});

test('a redirect is an answer and is not followed', async (t) => {
  const elsewhere: string[] = [];
  const trap = createHttpServer((request, response) => {
    elsewhere.push(request.url ?? '');
    response.end('{}');
  });
  await new Promise<void>((listening) => trap.listen(0, '127.0.0.1', listening));
  t.after(() => trap.close());
  const address = trap.address();
  assert(address && typeof address === 'object');
  for (const status of [301, 302, 307, 308]) {
    vault.acquirer.says((response) => {
      response.writeHead(status, { location: `http://127.0.0.1:${address.port}/caught` }).end();
    });
    const { parcel } = await given();
    assert.equal(await outcome(parcel), status);
  }
  assert.deepEqual(elsewhere, []);
});

test('a provider that nobody listens for is not sent to; one that hangs up has perhaps heard', async (t) => {
  const { parcel } = await given();
  vault.acquirer.says((response) => response.socket?.destroy());
  assert.equal(await outcome(parcel), 'connection_lost');

  const gone = createServer();
  await new Promise<void>((listening) => gone.listen(0, '127.0.0.1', listening));
  const address = gone.address();
  assert(address && typeof address === 'object');
  await new Promise((closed) => gone.close(closed));
  const url = `http://127.0.0.1:${address.port}`;
  const lonely = await givenVault({ providers: { alder: { kind: 'sandbox', url, key: new Secret('k') } } });
  t.after(() => lonely.stop());
  const scope = givenScope();
  const refused = await lonely.ask('/egress', givenParcel(scope, await givenToken(lonely, scope)));
  assert.deepEqual([refused.body.kind, refused.body.code], ['not_sent', 'provider_unreachable']);
});

test('an answer that echoes the card comes back without it', async () => {
  const { parcel } = await given();
  vault.acquirer.saysJson(400, {
    id: 'auth_4737',
    amount: 737,
    message: `Card ${visa.number} (4242 4242-4242.4242), CVC 737, was not taken`,
    echo: { number: visa.number, numeric: Number(visa.number), cvc: '737', cvv_value: 737, [visa.number]: 1 },
    other: 'and 5555 5555 5555 4444 too',
  });
  const { text, body } = await send(parcel);
  for (const trace of [visa.number, '4242 4242', '4242-4242', 'CVC 737', '"737"', ':737}', '5555 5555']) {
    assert.ok(!text.includes(trace), `${trace} in ${text}`);
  }
  const said = body.body as Record<string, unknown>;
  assert.equal(said.id, 'auth_4737', 'without its id the provider could not be asked again');
  assert.equal(said.amount, 737, 'an amount is not a code');
});

test('an answer that is no JSON comes back as text, one that is endless not at all', async () => {
  const { parcel } = await given();
  vault.acquirer.says((response) =>
    response.writeHead(502, { 'content-type': 'text/html' }).end(`<h1>Bad ${visa.number}</h1>`),
  );
  const { body } = await send(parcel);
  assert.equal(body.body, '<h1>Bad [removed]</h1>');
  vault.acquirer.says((response) => {
    response.writeHead(200);
    const more = () => response.write('x'.repeat(65_536), () => !response.destroyed && more());
    more();
  });
  assert.equal(await outcome({ ...parcel, send: 2 }), 'answer_too_large');
});

test('an answer with text that no database holds comes back in text that it does', async () => {
  const { parcel } = await given();
  vault.acquirer.says((response) =>
    response.writeHead(201).end('{"id":"auth_1","status":"approved","message":"ok\\u0000","a\\u0000b":["\\ud83d"]}'),
  );
  const { body } = await send(parcel);
  assert.deepEqual(body.body, { id: 'auth_1', status: 'approved', message: 'ok', ab: ['\ufffd'] });
});

test('a body that is nested too deep is refused', async () => {
  const { parcel } = await given();
  const deep = `${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}`;
  const text = JSON.stringify(parcel).replace('"order-1"', deep);
  const { status, body } = await vault.ask('/egress', text);
  assert.deepEqual([status, body.code], [400, 'invalid_input']);
});

test('a door that is asked with a query is not there', async () => {
  const { parcel } = await given();
  const { status, body } = await vault.ask('/egress?x', parcel);
  assert.deepEqual([status, body.code], [404, 'not_found']);
});

test('a parcel of the wrong shape is refused without a trace of what was in it', async () => {
  const { parcel } = await given();
  for (const change of [
    { extra: 1 },
    { amount: '12.50' },
    { amount: -5 },
    { method: 'DELETE' },
    { step: 1.5 },
    { payment: 'x' },
  ]) {
    const refused = await send({ ...parcel, ...change });
    assert.deepEqual([refused.status, refused.body.code], [400, 'invalid_input'], JSON.stringify(change));
  }
  const canary = await vault.ask('/egress', '{"number":"4242424242424242"');
  assert.equal(canary.body.code, 'invalid_input');
  assert.ok(!canary.text.includes('4242'));
  assert.equal((await vault.ask('/egress', { ...parcel, body: { pad: 'x'.repeat(70_000) } })).status, 413);
});
