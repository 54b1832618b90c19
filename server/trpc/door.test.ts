import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import superjson from 'superjson';
import { makeLog } from '#server/observability/log.ts';
import { answer } from './door.ts';
import { type Console, givenConsole, origin } from './testing/console.ts';

let desk: Console;
let seat: string;
let payment: string;

before(async () => {
  desk = await givenConsole();
  seat = await desk.seatOf('owner');
  payment = await desk.payment('harbour');
});
after(() => desk?.end());

const json = { 'content-type': 'application/json', origin };

function post(path: string, body: BodyInit, headers: Record<string, string> = json) {
  return answer(new Request(`${origin}/api/trpc/${path}`, { method: 'POST', body, headers }), desk.contextOf(seat));
}

function ask(path: string, input: unknown) {
  return post(path, superjson.stringify(input));
}

async function refusal(response: Response) {
  const { error } = (await response.json()) as { error: { json: { message: string; data: Record<string, unknown> } } };
  const { code, param, request } = error.json.data;
  return { status: response.status, message: error.json.message, code, param, request };
}

const refund = () => superjson.stringify({ id: payment, attempt: randomUUID(), reason: 'duplicate' });

test('our own page is answered, bigint and Date arriving as themselves', async () => {
  const response = await ask('payment.view', { id: payment });
  assert.equal(response.status, 200);
  const { result } = (await response.json()) as { result: { data: Parameters<typeof superjson.deserialize>[0] } };
  const { payment: shown } = superjson.deserialize<{ payment: { amount: bigint; createdAt: Date } }>(result.data);
  assert.equal(shown.amount, 4000n);
  assert.ok(shown.createdAt instanceof Date);
});

test('a POST from another site, from none, or as a form is refused before the procedure', async () => {
  const foreign: Record<string, string>[] = [
    { ...json, origin: 'https://evil.example' },
    { ...json, origin: 'null' },
    { 'content-type': 'application/json' },
    { ...json, origin: 'http://127.0.0.1:3000' },
  ];
  for (const headers of foreign) {
    const { status, code } = await refusal(await post('payment.refund', refund(), headers));
    assert.deepEqual([status, code], [403, 'forbidden'], JSON.stringify(headers));
  }
  for (const type of ['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data; boundary=x']) {
    const { status } = await refusal(await post('payment.refund', refund(), { origin, 'content-type': type }));
    assert.equal(status, 415, type);
  }
  assert.equal((await refusal(await post('payment.refund', refund()))).code, 'illegal_move', 'ours gets through');
});

test('a question is a POST of our own page: in an address its input is not read', async () => {
  const query = new URLSearchParams({ input: superjson.stringify({ id: payment }) });
  const asked = new Request(`${origin}/api/trpc/payment.view?${query}`, { headers: { origin } });
  const { status, code } = await refusal(await answer(asked, desk.contextOf(seat)));
  assert.deepEqual([status, code], [405, 'invalid_input']);
  const foreign = { ...json, origin: 'https://evil.example' };
  assert.equal((await post('payment.view', superjson.stringify({ id: payment }), foreign)).status, 403);
});

test('a refusal has its status, its code, its words and the request that it belongs to', async () => {
  const response = await post('payment.refund', refund());
  const { status, code, message, request } = await refusal(response);
  assert.deepEqual([status, code, message], [400, 'illegal_move', 'A payment that is initiated cannot be refunded.']);
  assert.match(String(request), /^req_\w{22}$/);
  assert.equal(response.headers.get('request-id'), request);
});

test('a body that is too large is refused, whether or not it says so beforehand', async () => {
  const large = JSON.stringify({ json: { id: 'x'.repeat(70_000) } });
  assert.equal((await refusal(await post('payment.refund', large))).status, 413);
  const pieces = new ReadableStream({
    pull(controller) {
      controller.enqueue(new Uint8Array(16_384));
    },
  });
  const init = { method: 'POST', body: pieces, headers: json, duplex: 'half' };
  const endless = new Request(`${origin}/api/trpc/payment.refund`, init);
  assert.equal((await refusal(await answer(endless, desk.contextOf(seat)))).status, 413);
});

test('malformed JSON, wrong types, unknown fields and unknown calls get clear errors', async () => {
  assert.equal((await refusal(await post('payment.refund', '{'))).status, 400);
  const wrong = await refusal(
    await post('payment.refund', superjson.stringify({ id: payment, attempt: 7, reason: 'fun' })),
  );
  assert.deepEqual([wrong.status, wrong.code, wrong.param], [400, 'invalid_input', 'attempt']);
  const unknown = await refusal(await ask('payments.page', { filter: { colour: 'red' } }));
  assert.deepEqual([unknown.status, unknown.code], [400, 'invalid_input']);
  const missing = await refusal(await ask('payments.drop', {}));
  assert.deepEqual([missing.status, missing.code], [404, 'not_found']);
  const batch = await ask('payments.page,payments.page', { filter: {} });
  assert.ok(batch.status >= 400, 'one call is one request');
});

test('text that the database cannot hold is bad input, whatever it was to be written for or searched by', async () => {
  for (const text of ['a\0b', 'a\ud800b']) {
    const attempt = randomUUID();
    const noted = { id: payment, attempt, reason: 'duplicate', note: text };
    const inputs: [answer: Response, param: string][] = [
      [await post('payment.refund', superjson.stringify(noted)), 'note'],
      [await post('payment.capture', superjson.stringify({ id: payment, attempt, reason: text })), 'reason'],
      [await ask('payments.page', { filter: { q: text } }), 'filter.q'],
      [await ask('payments.page', { filter: { provider: text } }), 'filter.provider'],
    ];
    for (const [response, param] of inputs) {
      const told = await refusal(response);
      assert.deepEqual([told.status, told.code, told.param], [400, 'invalid_input', param]);
    }
  }
});

test('a failure of ours says nothing but that it happened, and is logged under its request', async () => {
  const lines: string[] = [];
  const context = desk.contextOf(seat);
  context.rooms = { ...desk.rooms, log: makeLog('test', { write: (line) => void lines.push(line) }) };
  await desk.owner`ALTER TABLE payment_rows RENAME TO rows_away`;
  const body = superjson.stringify({ filter: {} });
  const asked = new Request(`${origin}/api/trpc/payments.page`, { method: 'POST', body, headers: json });
  const response = await answer(asked, context);
  await desk.owner`ALTER TABLE rows_away RENAME TO payment_rows`;
  const { status, code, message, request } = await refusal(response);
  assert.deepEqual([status, code, message], [500, 'internal', 'Something went wrong on our side.']);
  assert.equal(request, context.request);
  const line = lines.find((text) => text.includes(context.request)) ?? '';
  assert.match(line, /"level":"error".*relation \\"payment_rows\\" does not exist/);
});
