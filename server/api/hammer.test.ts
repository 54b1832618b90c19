import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FailpointName } from '#db/failpoints.ts';
import { type Processes, startProcesses } from './testing/processes.ts';

// One key, hammered by a hundred clients at two API processes, and kept by a process that dies. The acquirers' books
// say what really happened.

let house: Processes;
let urls: string[];
before(async () => {
  house = await startProcesses();
  // A second API like the first: it never passes the place where it would end.
  urls = [house.api.url, (await house.mortalApi('nowhere SIGKILL')).url];
});
after(() => house?.stop());

interface Answer {
  status: number;
  body: string;
  replayed: boolean;
}

let keys = 0;
const freshKey = () => `hammer-${++keys}`;

async function post(
  at: string | undefined,
  path: string,
  { body, key }: { body: string; key: string },
): Promise<Answer> {
  const answer = await fetch(`${at}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${house.key}`,
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': key,
    },
    body,
  });
  const replayed = answer.headers.get('idempotent-replayed') === 'true';
  return { status: answer.status, body: await answer.text(), replayed };
}

const read = ({ body }: Answer) => JSON.parse(body) as Record<string, unknown>;
const codeOf = (answer: Answer) => (read(answer).error as { code?: string } | undefined)?.code;

async function effects(): Promise<string[]> {
  const books = await Promise.all([house.alder.books(), house.birch.books()]);
  return books.flat().map(({ kind }) => kind);
}

const pay = 'amount=4200&currency=eur&confirm=true&payment_method=pm_card_visa';
const hold = `${pay}&capture_method=manual`;

async function made(body: string): Promise<string> {
  const answer = await post(urls[0], '/v1/payment_intents', { body, key: freshKey() });
  assert.equal(answer.status, 200, answer.body);
  return String(read(answer).id);
}

interface Act {
  path: string;
  body: string;
  /** What is in the books once it is done, and nothing more. */
  leaves: string[];
}

const acts: Record<string, () => Promise<Act>> = {
  'a creation with its confirmation': async () => ({
    path: '/v1/payment_intents',
    body: pay,
    leaves: ['authorization', 'capture'],
  }),
  'a capture': async () => ({
    path: `/v1/payment_intents/${await made(hold)}/capture`,
    body: 'amount_to_capture=4000',
    leaves: ['capture'],
  }),
  'a refund': async () => ({
    path: '/v1/refunds',
    body: `payment_intent=${await made(pay)}&amount=1000`,
    leaves: ['refund'],
  }),
};

for (const [name, given] of Object.entries(acts)) {
  test(`100 clients with one key: one effect and 100 equal answers to ${name}`, async () => {
    const { path, body, leaves } = await given();
    const [before, key] = [await effects(), freshKey()];
    let conflicts = 0;
    const answers = await Promise.all(
      Array.from({ length: 100 }, async (_, client) => {
        for (;;) {
          const answer = await post(urls[client % 2], path, { body, key });
          if (answer.status !== 409) return answer;
          assert.equal(codeOf(answer), 'idempotency_key_in_use');
          conflicts++;
          await sleep(25);
        }
      }),
    );
    assert.equal(answers[0]?.status, 200, answers[0]?.body);
    assert.equal(new Set(answers.map((answer) => answer.body)).size, 1);
    assert.equal(answers.filter(({ replayed }) => !replayed).length, 1, 'one of them did it');
    assert.ok(conflicts > 0, 'they met');
    assert.deepEqual((await effects()).slice(before.length).sort(), leaves);
  });

  test(`under the key of ${name} no other body and no other address passes`, async () => {
    const [{ path, body }, key] = [await given(), freshKey()];
    assert.equal((await post(urls[0], path, { body, key })).status, 200);
    const before = await effects();
    const others = [
      await post(urls[1], path, { body: body.replace(/(amount\w*)=\d+/, '$1=777'), key }),
      await post(urls[1], '/v1/checkout/sessions', { body: session, key }),
    ];
    for (const other of others) {
      assert.deepEqual([other.status, (read(other).error as { type: string }).type], [400, 'idempotency_error']);
    }
    assert.deepEqual(await effects(), before);
  });
}

const session =
  'mode=payment&success_url=https%3A%2F%2Fshop.test&line_items[0][price_data][currency]=eur&line_items[0][price_data][unit_amount]=900&line_items[0][price_data][product_data][name]=Mug&line_items[0][quantity]=1';

/**
 * The client's own retries, until it is answered. Whoever died is taken for dead at once: three minutes are too long.
 */
async function again(path: string, sent: { body: string; key: string }): Promise<Answer> {
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await post(urls[0], path, sent);
    const underway = answer.status === 409 || ['processing', 'pending'].includes(String(read(answer).status));
    if (!underway) return answer;
    assert.ok(Date.now() < end, `still ${answer.status} ${answer.body}`);
    await house.sql`
      UPDATE idempotency_keys SET claimed_at = claimed_at - interval '3 minutes' WHERE key = ${sent.key} AND body IS NULL`;
    await sleep(200);
  }
}

const deaths: [act: string, place: `${FailpointName}#${number}`][] = [
  ['a creation with its confirmation', 'payments.commit:after#1'],
  ['a creation with its confirmation', 'payments.commit:after#2'],
  ['a creation with its confirmation', 'idempotency.answer:before#1'],
  ['a capture', 'payments.commit:after#1'],
  ['a capture', 'idempotency.answer:begin#1'],
  ['a refund', 'payments.commit:after#1'],
  ['a refund', 'idempotency.answer:begin#1'],
];

for (const [name, place] of deaths) {
  test(`${name} whose process dies at ${place} is resumed by the next request with its key, and done once`, async () => {
    const { path, body, leaves } = (await acts[name]?.()) ?? assert.fail();
    const [before, key] = [await effects(), freshKey()];
    const mortal = await house.mortalApi(`${place} SIGKILL`);
    await assert.rejects(post(mortal.url, path, { body, key }), 'the process died with its answer');
    const first = await post(urls[0], path, { body, key });
    assert.deepEqual([first.status, codeOf(first)], [409, 'idempotency_key_in_use'], first.body);
    const resumed = await again(path, { body, key });
    assert.deepEqual([resumed.status, read(resumed).status], [200, 'succeeded'], resumed.body);
    const repeated = await post(urls[1], path, { body, key });
    assert.deepEqual([repeated.body, repeated.replayed], [resumed.body, true]);
    assert.deepEqual((await effects()).slice(before.length).sort(), leaves);
  });
}

test('100 presses of one pay button: one payment, and each press hears what is true', async () => {
  const { url, origin } = await house.pages();
  const ask = async (procedure: string, input: object) => {
    const answer = await fetch(`${url}/api/trpc/checkout.${procedure}`, {
      method: 'POST',
      headers: { origin, 'content-type': 'application/json' },
      body: JSON.stringify({ json: input }),
    });
    const said = (await answer.json()) as { result?: { data: { json: Record<string, string> } } };
    return said.result?.data.json ?? assert.fail(JSON.stringify(said));
  };
  const created = await post(urls[0], '/v1/checkout/sessions', { body: session, key: freshKey() });
  const secret = { session: new URL(String(read(created).url)).pathname.split('/').at(-1) };
  const { grant } = await ask('frameGrant', secret);
  const { publicUrl } = house.vault;
  const card = { grant, number: '4242424242424242', exp_month: 12, exp_year: 2032, cvc: '123' };
  const tokenised = await fetch(`${publicUrl}/tokens`, {
    method: 'POST',
    headers: { origin: publicUrl, 'content-type': 'application/json' },
    body: JSON.stringify(card),
  });
  const { token } = (await tokenised.json()) as { token: string };
  const before = await effects();
  const press = { ...secret, token, attempt: 'one-press-of-the-button', email: 'ada@example.com' };
  const heard = await Promise.all(Array.from({ length: 100 }, async () => (await ask('confirm', press)).kind));
  assert.deepEqual(
    [...new Set(heard)].filter((kind) => kind !== 'processing' && kind !== 'paid'),
    [],
  );
  assert.equal((await ask('status', secret)).kind, 'paid');
  assert.equal((await ask('confirm', press)).kind, 'paid');
  assert.deepEqual((await effects()).slice(before.length).sort(), ['authorization', 'capture']);
});
