import assert from 'node:assert/strict';
import { test } from 'node:test';
import superjson from 'superjson';
import type { Standing } from '#server/checkout/view.ts';
import { Refused, readAnswer } from './call.ts';

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
