import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import superjson from 'superjson';
import type { Standing } from '#server/checkout/view.ts';
import { call, Late, Refused, readAnswer } from './call.ts';
import { checkoutServer } from './testing/checkout-server.ts';

/** As tRPC answers, through JSON. */
const sent = (data: unknown) => JSON.parse(JSON.stringify({ result: { data: superjson.serialize(data) } }));

test('an answer is read as superjson has written it', () => {
  const at = new Date('2026-11-21T10:00:00.000Z');
  const card = { brand: 'visa', last4: '4242', expMonth: 12, expYear: 2030 };
  const standings: Standing[] = [
    { kind: 'open', declined: null },
    { kind: 'open', declined: { group: 'cvc', text: 'Check it.', field: 'cvc' } },
    { kind: 'challenge', url: 'https://bank.example/?a=b.c' },
    { kind: 'queued', until: at, email: null },
    { kind: 'paid', card, reference: 'r.1', paidAt: at, returnUrl: 'https://shop.example' },
  ];
  for (const standing of standings) assert.deepEqual(readAnswer(sent(standing)), standing);
  const nested = { list: [{ at, none: undefined }], amount: 2n ** 60n };
  assert.deepEqual(readAnswer(sent(nested)), nested);
});

test('what this page cannot read is no answer, and neither is what others send', () => {
  assert.throws(() => readAnswer(sent({ of: new Map() })), TypeError);
  assert.throws(() => readAnswer({}), TypeError);
});

test('a refusal keeps its code, its words and the request to ask about', () => {
  const refused = (data: { code: string; request?: string | null }) =>
    assert.throws(
      () => readAnswer({ error: { json: { message: 'Too many tries.', data } } }),
      (no) => no instanceof Refused && no.message === 'Too many tries.' && no.code === data.code,
    );
  refused({ code: 'throttled', request: 'req_1' });
  refused({ code: 'throttled', request: null });
});

for (const [procedure, limit] of [
  ['confirm', 20_000],
  ['status', 10_000],
] as const) {
  test(`${procedure} is given up after ${limit / 1000} s, whether no answer began or one never ended`, async (t) => {
    await using server = await checkoutServer();
    t.mock.timers.enable({ apis: ['setTimeout'] });
    const input = { session: 'cs_test_1', token: 'pm_1', attempt: 'attempt-number-1', email: 'ada@example.com' };
    for (const begins of [false, true]) {
      let over = false;
      const asked = call(procedure, input).finally(() => {
        over = true;
      });
      const late = assert.rejects(asked, Late);
      const { response } = await server.put(begins ? 1 : 0);
      if (begins) response.writeHead(200, { 'content-type': 'application/json' }).write('{"result":');
      t.mock.timers.tick(limit - 1);
      await turn();
      assert.equal(over, false);
      t.mock.timers.tick(1);
      await late;
    }
  });
}

test('a call that its caller gives up ends with the caller’s reason', { timeout: 10_000 }, async () => {
  await using server = await checkoutServer();
  const giving = new AbortController();
  const asked = call('status', { session: 'cs_test_1' }, giving.signal);
  await server.put(0);
  giving.abort(new Error('something newer was asked'));
  await assert.rejects(asked, /something newer was asked/);
  await assert.rejects(call('status', { session: 'cs_test_1' }, giving.signal), /something newer was asked/);
  assert.equal(server.puts.length, 1);
});
