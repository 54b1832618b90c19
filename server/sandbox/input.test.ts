import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { startProcess } from '#server/observability/testing/process.ts';
import { type Acquirer, authorization, card, inProcess, visa } from './testing/acquirer.ts';

let acquirer: Acquirer;
before(async () => {
  acquirer = await inProcess();
});
after(() => acquirer.stop());

const bad: [what: string, body: unknown, param: string | undefined][] = [
  ['an amount of nothing', authorization(visa, { amount: 0 }), 'amount'],
  ['a negative amount', authorization(visa, { amount: -1 }), 'amount'],
  ['a fraction of a cent', authorization(visa, { amount: 12.5 }), 'amount'],
  ['an amount as text', authorization(visa, { amount: '1250' }), 'amount'],
  ['an amount of nine digits', authorization(visa, { amount: 100_000_000 }), 'amount'],
  ['a currency that nobody has', authorization(visa, { currency: 'EUX' }), 'currency'],
  ['a currency in small letters', authorization(visa, { currency: 'eur' }), 'currency'],
  ['no reference', authorization(visa, { reference: undefined }), 'reference'],
  ['an endless reference', authorization(visa, { reference: 'x'.repeat(256) }), 'reference'],
  ['no card', authorization(visa, { card: undefined }), 'card'],
  ['a card as text', authorization(visa, { card: visa }), 'card'],
  ['a number with spaces', authorization('4242 4242 4242 4242'), 'card.number'],
  ['a placeholder that nobody filled', authorization('{{card.number}}'), 'card.number'],
  ['a month in words', authorization(visa, { card: card(visa, { exp_month: 'May' }) }), 'card.exp_month'],
  ['an empty verification code', authorization(visa, { card: card(visa, { cvc: '' }) }), 'card.cvc'],
  ['a list', [authorization()], undefined],
  ['a number', 7, undefined],
  ['null', null, undefined],
];

for (const [what, body, param] of bad) {
  test(`${what} is a clear 400 that never repeats the value`, async () => {
    const answer = await acquirer.post('/authorizations', body);
    assert.deepEqual([answer.status, answer.body.error?.code, answer.body.error?.param], [400, 'invalid_input', param]);
    assert.doesNotMatch(answer.body.error?.message ?? '', /4242/);
  });
}

test('what is no JSON, and no body where one is needed, is a 400', async () => {
  for (const body of ['{', 'amount=1250', '']) {
    const answer = await acquirer.raw('/authorizations', { method: 'POST', body, headers: { 'idempotency-key': 'k' } });
    assert.equal(answer.status, 400);
  }
});

test('a body above 64 KiB is a 413, and the next request is answered', async () => {
  const answer = await acquirer.post('/authorizations', authorization(visa, { reference: 'x'.repeat(70_000) }));
  assert.equal(answer.status, 413);
  assert.equal((await acquirer.post('/authorizations', authorization())).status, 201);
});

test('a missing or overlong Idempotency-Key is a 400', async () => {
  const body = JSON.stringify(authorization());
  const none = await acquirer.raw('/authorizations', { method: 'POST', body });
  assert.deepEqual([none.status, (await none.json()).error.param], [400, 'Idempotency-Key']);
  assert.equal((await acquirer.post('/authorizations', authorization(), 'k'.repeat(256))).status, 400);
  assert.equal((await acquirer.post('/authorizations', authorization(), 'two words')).status, 400);
});

test('without the right API key everything but health is a 401', async () => {
  for (const path of ['/authorizations', '/operations/x', '/books', '/levers', '/nowhere']) {
    for (const authorization of ['', 'Bearer wrong', 'Basic a2V5', 'key-of-the-test']) {
      assert.equal((await acquirer.raw(path, { headers: { authorization } })).status, 401);
    }
  }
  for (const path of ['/health', '/ready', '/metrics']) {
    assert.equal((await acquirer.raw(path, { headers: { authorization: '' } })).status, 200);
  }
});

test('unknown things and paths are a 404 in JSON', async () => {
  for (const path of [
    '/',
    '/authorizations/auth_x/captures',
    '/authorizations/auth_x/voids',
    '/captures/cap_x/refunds',
  ]) {
    const answer = await acquirer.post(path, { amount: 1 });
    assert.deepEqual([path, answer.status, answer.body.error?.code], [path, 404, 'not_found']);
  }
  for (const path of ['/authorizations', '/operations', '/operations/a/b', '/%zz']) {
    assert.equal((await acquirer.get(path)).status, 404);
  }
});

test('the metrics count requests by kind and ending', async () => {
  await acquirer.post('/authorizations', authorization('4000000000000002'));
  const metrics = await (await acquirer.raw('/metrics')).text();
  assert.match(metrics, /florin_sandbox_request_seconds_count\{kind="authorize",ending="402"\} [1-9]/);
});

test('a process without settings says in one sentence each what is missing', async () => {
  const settings = {
    FLORIN_MODE: 'perhaps',
    FLORIN_SANDBOX_NAME: 'cedar',
    FLORIN_SANDBOX_PORT: '70000',
    FLORIN_SANDBOX_FEES: '{"basisPoints":-1,"fixed":0}',
  };
  await assert.rejects(
    startProcess('server/sandbox/main.ts', { env: settings, ready: 'http://127.0.0.1:1/ready' }),
    ({ message }: Error) => {
      for (const sentence of [
        /FLORIN_MODE is malformed: it must be test or live\./,
        /FLORIN_SANDBOX_NAME is malformed: it must be alder or birch\./,
        /FLORIN_SANDBOX_PORT is malformed/,
        /FLORIN_SANDBOX_KEY is missing: the API key that callers must show\./,
        /FLORIN_SANDBOX_DIR is missing/,
        /FLORIN_SANDBOX_FEES is malformed/,
      ]) {
        assert.match(message, sentence);
      }
      return true;
    },
  );
});
