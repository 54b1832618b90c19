import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { after, afterEach, before, type TestContext, test } from 'node:test';
import { request } from 'undici';
import { startTracing, type Tracing } from '#server/observability/trace.ts';
import { workloadAgent } from '#server/workload/agent.ts';
import type { Workload } from '#server/workload/policy.ts';
import { authorization, type GivenVault, givenParcel, givenScope, givenToken, givenVault } from './testing/given.ts';

let vault: GivenVault;
let tracing: Tracing;

before(async () => {
  tracing = startTracing({ service: 'vault' });
  vault = await givenVault();
});

afterEach(() => {
  vault.acquirer.says();
  vault.acquirer.heard.length = 0;
});

after(() => Promise.all([vault.stop(), tracing.stop()]));

interface Line {
  call: number;
  status: number;
  body: Record<string, unknown>;
}

const lineOf = (body: unknown, trace = {}) => JSON.stringify({ trace, body });

/** Posts calls as lines, and hears the answers as they come. */
async function post(t: TestContext, path: string, lines: readonly string[], caller: Workload = 'api') {
  const agent = workloadAgent(await vault.authority.issue(caller), { to: 'vault' });
  t.after(() => agent.destroy());
  const headers = { 'content-type': 'application/x-ndjson' };
  const body = lines.join('\n');
  const answer = await request(`${vault.internal}${path}`, { method: 'POST', headers, body, dispatcher: agent });
  return { status: answer.statusCode, text: answer.body.setEncoding('utf8') as AsyncIterable<string> };
}

async function answers(t: TestContext, path: string, lines: readonly string[]): Promise<Line[]> {
  const { status, text } = await post(t, path, lines);
  assert.equal(status, 200);
  const said: string[] = [];
  for await (const part of text) said.push(part);
  const read = said.join('').trim().split('\n');
  return read.map((line) => JSON.parse(line) as Line).sort((one, other) => one.call - other.call);
}

async function given(changes: object = {}) {
  const scope = givenScope();
  return givenParcel(scope, await givenToken(vault, scope), changes);
}

test('calls that come together are each dealt with as if alone, and what is wrong with one is told to that one', async (t) => {
  const [first, second, late] = [await given(), await given(), await given({ sendBefore: new Date(0).toISOString() })];
  const said = await answers(t, '/egress', [
    lineOf(first),
    '{"number":"4242424242424242"',
    lineOf({ ...second, extra: 1 }),
    lineOf({ ...second, body: { pad: 'x'.repeat(70_000) } }),
    lineOf({ ...second, body: authorization('9999', 'EUR') }),
    lineOf(first),
    lineOf(late),
    lineOf(second),
    JSON.stringify({ body: second }),
    lineOf({ ...second, body: JSON.parse(`${'{"a":'.repeat(40)}1${'}'.repeat(40)}`) }),
  ]);
  const words = said.map(({ status, body }) => `${status} ${body.code ?? body.why ?? body.status}`);
  // Of the two equal ones either may have been the first.
  assert.deepEqual([words[0], words[5]].sort(), ['200 201', '200 already_sent']);
  assert.deepEqual(
    words.filter((_, n) => n !== 0 && n !== 5),
    [
      '400 invalid_input',
      '400 invalid_input',
      '413 too_large',
      '200 token_unusable',
      '200 too_late',
      '200 201',
      '400 invalid_input',
      '400 invalid_input',
    ],
  );
  assert.deepEqual(
    vault.acquirer.heard.map(({ headers }) => headers['idempotency-key']).sort(),
    [`${first.operation}-1`, `${second.operation}-1`].sort(),
  );
  assert.ok(!JSON.stringify(said).includes('4242'));
  assert.match(vault.lines.join(''), /"peer":"api","route":"POST \/egress","code":"too_large".*a call was refused/);
});

test('none of them waits for another: an answer leaves while a provider still thinks about its neighbour', async (t) => {
  const [quick, slow] = [await given(), await given()];
  let thinking: ServerResponse | undefined;
  vault.acquirer.says((response, { headers }) => {
    if (headers['idempotency-key'] === `${slow.operation}-1`) thinking = response;
    else response.writeHead(201).end('{"status":"approved"}');
  });
  const { text } = await post(t, '/egress', [lineOf(slow), lineOf(quick)]);
  const heard = text[Symbol.asyncIterator]();
  const first = JSON.parse((await heard.next()).value) as Line;
  assert.deepEqual([first.call, first.body.status], [1, 201]);
  thinking?.writeHead(402).end('{"status":"declined"}');
  const second = JSON.parse((await heard.next()).value) as Line;
  assert.deepEqual([second.call, second.body.status], [0, 402]);
  assert.equal((await heard.next()).done, true);
});

test('each goes on with the trace of its own caller', async (t) => {
  const [one, other] = [await given(), await given()];
  const traces = ['a', 'b'].map((letter) => letter.repeat(32));
  const traced = ({ operation }: { operation: string }, n: number) => ({ operation, trace: traces[n] });
  const lines = [one, other].map((parcel, n) =>
    lineOf(parcel, { traceparent: `00-${traces[n]}-${'1'.repeat(16)}-01` }),
  );
  await answers(t, '/egress', lines);
  for (const { operation, trace } of [one, other].map(traced)) {
    const heard = vault.acquirer.heard.find(({ headers }) => headers['idempotency-key'] === `${operation}-1`);
    assert.match(String(heard?.headers.traceparent), new RegExp(`^00-${trace}-`));
  }
});

test('the policy is the door’s, and too many are refused before one is looked at', async (t) => {
  const refused = await post(t, '/grants', [lineOf(givenScope())], 'worker');
  assert.equal(refused.status, 403);
  const parcel = await given();
  const crowd = await post(t, '/egress', Array(101).fill(lineOf(parcel)));
  assert.equal(crowd.status, 413);
  assert.equal(vault.acquirer.heard.length, 0);
});

test('cards that come together share a commit: one name for each card of a merchant, a token for each', async (t) => {
  const [one, other] = [randomUUID(), randomUUID()];
  const scopes = Array.from({ length: 40 }, (_, n) => ({ ...givenScope(), merchantId: n % 2 ? one : other }));
  const made = await answers(
    t,
    '/tokens/test',
    scopes.map((scope) => lineOf({ name: 'pm_card_visa', scope })),
  );
  const uses = scopes.map(({ maxAmount, ...scope }, n) =>
    lineOf({ token: made[n]?.body.token, use: { ...scope, amount: maxAmount } }),
  );
  const cards = await answers(t, '/tokens/describe', uses);
  assert.equal(new Set(made.map(({ body }) => body.token)).size, 40);
  assert.ok(cards.every(({ status, body }) => status === 200 && body.last4 === '4242'));
  const names = (merchantId: string) =>
    new Set(cards.filter((_, n) => scopes[n]?.merchantId === merchantId).map(({ body }) => body.fingerprint));
  assert.deepEqual([names(one).size, names(other).size, new Set([...names(one), ...names(other)]).size], [1, 1, 2]);
  // Each describes what it was asked about, whatever was asked beside it.
  const crossed = await answers(t, '/tokens/describe', [
    lineOf({ token: made[0]?.body.token, use: { ...givenScope(), amount: '1' } }),
    uses[0] ?? '',
    lineOf({ token: 'pm_nobody', use: { ...givenScope(), amount: '1' } }),
  ]);
  assert.deepEqual(
    crossed.map(({ status }) => status),
    [400, 200, 400],
  );
});
