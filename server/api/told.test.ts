import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { readId } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { type Lever, sandboxSecret } from '#server/providers/testing/sandbox-process.ts';
import { decided, type Sent, sign } from '#server/webhooks/testing/sender.ts';
import { deliver } from './testing/attacks.ts';
import { type Processes, startProcesses } from './testing/processes.ts';
import { clientOf } from './testing/stack.ts';

// What acquirers tell by themselves, true or not, in time or not: real processes that call each other over HTTP.

const next = `whsec_${systemRandom(32).toString('base64')}`;
const setting = { secrets: [sandboxSecret, next], addresses: ['127.0.0.1'] };

let house: Processes;
before(async () => {
  house = await startProcesses({ webhooks: { alder: setting, birch: setting }, telling: true });
});
afterEach(() => house.alder.release());
after(() => house.stop());

const client = () => clientOf(Number(new URL(house.api.url).port), house.key);

/** An authorized payment, by its uuid. Whatever it told is dealt with. */
async function authorized(): Promise<{ intent: string; payment: string }> {
  const intent = await client().paymentIntents.create({
    amount: 10_000,
    currency: 'eur',
    confirm: true,
    payment_method: 'pm_card_visa',
    capture_method: 'manual',
  });
  const payment = readId('payment', String(intent.latest_charge));
  invariant(intent.status === 'requires_capture' && payment, 'it is authorized');
  await until(async () => (await webhooks(payment)).length === 1);
  return { intent: intent.id, payment };
}

async function captured(): Promise<{ intent: string; payment: string }> {
  const one = await authorized();
  await client().paymentIntents.capture(one.intent);
  await until(async () => (await webhooks(one.payment)).length === 2);
  return one;
}

/** Takes the money so that our own answer is lost, and nobody can ask for it: only a webhook tells. */
async function captureUnheard(intent: string, ...levers: Lever[]): Promise<void> {
  await house.alder.pull({ fault: 'lose_before', kind: 'inquire' });
  await house.alder.pull({ fault: 'lose_after', kind: 'capture', times: 1 });
  for (const lever of levers) await house.alder.pull(lever);
  await client().paymentIntents.capture(intent);
}

const stateOf = async (payment: string) => {
  const [row] = await house.sql`SELECT state, captured, refunded, charged_back FROM payments WHERE id = ${payment}`;
  return row;
};

const webhooks = (payment: string) => house.sql<{ status: string; reason: string | null; times: number }[]>`
  SELECT status, reason, times FROM provider_webhooks WHERE payment_id = ${payment} ORDER BY received_at, id`;

/** Rejected ones of nobody's, newest last. */
const rejections = async () => {
  const rows = await house.sql<{ reason: string }[]>`
    SELECT reason FROM provider_webhooks WHERE status = 'rejected' ORDER BY received_at, id`;
  return rows.map(({ reason }) => reason);
};

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 15_000; !(await holds()); await sleep(50)) {
    assert.ok(Date.now() < end, `it does not come about: ${holds}`);
  }
}

const isCaptured = (payment: string) => async () => (await stateOf(payment))?.state === 'captured';

const captures = (payment: string) => house.sql<{ cause: string; amount: bigint }[]>`
  SELECT cause, amount FROM events WHERE payment_id = ${payment} AND to_state = 'captured' ORDER BY seq`;

test('an answer that is lost comes by the webhook, and is written down as such', async () => {
  const { intent, payment } = await authorized();
  await captureUnheard(intent);
  await until(isCaptured(payment));
  assert.deepEqual(
    [...(await captures(payment))].map(({ cause }) => cause),
    ['webhook'],
  );
  await until(async () => (await webhooks(payment)).every(({ status }) => status !== 'received'));
  assert.equal((await webhooks(payment)).at(-1)?.status, 'applied');
});

test('a webhook that comes before our own answer leads to the same end, once', async () => {
  const { intent, payment } = await authorized();
  await house.alder.pull({ fault: 'slow', kind: 'capture', milliseconds: 1_500, times: 1 });
  const answer = await client().paymentIntents.capture(intent);
  assert.equal(answer.status, 'succeeded');
  await until(async () => (await webhooks(payment)).length === 2);
  assert.equal((await captures(payment)).length, 1);
  assert.equal((await stateOf(payment))?.captured, 10_000n);
});

test('50 copies at once are one effect', async () => {
  const { intent, payment } = await authorized();
  const before = (await rejections()).length;
  await captureUnheard(intent, { fault: 'webhook_duplicate', kind: 'capture', copies: 50, times: 1 });
  await until(async () => (await rejections()).length === before + 49);
  await until(isCaptured(payment));
  assert.deepEqual((await rejections()).slice(before), Array(49).fill('replayed'));
  assert.equal((await captures(payment)).length, 1);
});

test('what is late, and what is overtaken by others, still counts', async () => {
  for (const lever of [
    { fault: 'webhook_delay', kind: 'capture', milliseconds: 1_500, times: 1 },
    { fault: 'webhook_reorder', kind: 'capture', times: 1 },
  ] as const) {
    const { intent, payment } = await authorized();
    await captureUnheard(intent, lever);
    assert.equal((await stateOf(payment))?.state, 'capture_pending');
    if (lever.fault === 'webhook_reorder') await authorized();
    await until(isCaptured(payment));
    await house.alder.release();
  }
});

for (const [fault, reason] of [
  ['webhook_forge', 'signature_wrong'],
  ['webhook_stale', 'too_old'],
  ['webhook_future', 'in_future'],
  ['webhook_wrong_amount', 'amount_differs'],
  ['webhook_wrong_currency', 'currency_differs'],
  ['webhook_replay', 'replayed'],
] as const) {
  test(`${fault} is rejected as ${reason}, and the truth is asked for`, async () => {
    const { intent, payment } = await authorized();
    const before = (await rejections()).length;
    await captureUnheard(intent, { fault, kind: 'capture', times: 1 });
    await until(async () => (await rejections()).length > before);
    assert.deepEqual((await rejections()).slice(before), [reason]);
    if (fault !== 'webhook_replay') assert.equal((await stateOf(payment))?.state, 'capture_pending');
    await house.alder.release();
    await until(isCaptured(payment));
    assert.equal((await stateOf(payment))?.captured, 10_000n);
  });
}

test('a refund and a chargeback made at the acquirer are taken in, once', async () => {
  const { payment } = await captured();
  const [operation] = await house.sql`
    SELECT provider_ref FROM operations WHERE payment_id = ${payment} AND kind = 'capture'`;
  const of = (type: string, data: Record<string, unknown>) => (at: number) => {
    const id = `evt_${type}_${payment}`;
    const told = { id, type, created: '2026-11-21T12:00:00Z', data: { ...data, capture_id: operation?.provider_ref } };
    return sign(told, { secret: sandboxSecret, at: new Date(Date.now() + at * 1_000) });
  };
  const refund = of('refund.made_in_console', { id: `ref_${payment}`, amount: 2_500, currency: 'EUR' });
  const chargeback = of('chargeback.opened', { id: `cb_${payment}`, amount: 1_000, currency: 'EUR' });
  for (const at of [0, 1, 2]) {
    assert.equal(await deliver(house.api.url, { sent: refund(at) }), 200);
    assert.equal(await deliver(house.api.url, { sent: chargeback(at) }), 200);
  }
  const { refunded, charged_back } = (await stateOf(payment)) ?? {};
  assert.deepEqual([refunded, charged_back], [2_500n, 1_000n]);
});

test('while the secret is changed under traffic nothing is refused', async () => {
  const { payment } = await captured();
  const [capture] = await house.sql`
    SELECT id, step, provider_ref FROM operations WHERE payment_id = ${payment} AND kind = 'capture'`;
  const data = { key: `${capture?.id}-${capture?.step}`, kind: 'capture', amount: 10_000, id: capture?.provider_ref };
  const send = (n: number, secret: string): Promise<number> => {
    const sent: Sent = sign(decided(`evt_rotated_${n}_${payment}`, data), { secret, at: new Date() });
    return deliver(house.api.url, { sent });
  };
  const answers: number[] = [];
  for (let n = 0; n < 200; n += 20) {
    const lot = Array.from({ length: 20 }, (_, more) => send(n + more, n + more < 100 ? sandboxSecret : next));
    answers.push(...(await Promise.all(lot)));
  }
  assert.deepEqual(
    answers.filter((status) => status !== 200),
    [],
  );
  assert.equal((await captures(payment)).length, 1);
});

function orders<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((first, at) => orders(all.toSpliced(at, 1)).map((rest) => [first, ...rest]));
}

/** Everything that an acquirer can tell of a payment whose refund has no answer yet. */
async function fiveOf(payment: string): Promise<Sent[]> {
  const operations = await house.sql<
    { id: string; step: number; kind: string; amount: bigint; provider_ref: string }[]
  >`
    SELECT id, step, kind, amount, provider_ref FROM operations WHERE payment_id = ${payment} ORDER BY id`;
  const captureRef = operations.find(({ kind }) => kind === 'capture')?.provider_ref;
  const told = operations.map(({ id, step, kind, amount, provider_ref }) =>
    decided(`evt_${id}`, {
      key: `${id}-${step}`,
      kind: kind === 'authorize' ? 'authorization' : kind,
      amount: Number(amount),
      id: provider_ref ?? `ref_${id}`,
    }),
  );
  const elsewhere = [
    ['refund.made_in_console', 2_500],
    ['chargeback.opened', 1_000],
  ].map(([type, amount]) => ({
    id: `evt_${type}_${payment}`,
    type: String(type),
    created: '2026-11-21T12:00:00Z',
    data: { id: `${type}_${payment}`, capture_id: captureRef, amount, currency: 'EUR' },
  }));
  assert.equal(told.length, 3);
  return [...told, ...elsewhere].map((one) => sign(one, { secret: sandboxSecret, at: new Date() }));
}

test('five webhooks in every order end in one state', { timeout: 120_000 }, async (t) => {
  await house.alder.pull({ fault: 'webhook_drop' });
  await house.alder.pull({ fault: 'lose_before', kind: 'inquire' });
  await house.alder.pull({ fault: 'lose_after', kind: 'refund' });
  const ways = orders([0, 1, 2, 3, 4]);
  const ends: string[] = [];
  for (let from = 0; from < ways.length; from += 12) {
    const lot = ways.slice(from, from + 12).map(async (way) => {
      const body = { amount: 10_000, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' };
      const { id, latest_charge } = await client().paymentIntents.create(body);
      await client().refunds.create({ payment_intent: id, amount: 2_000 });
      const payment = String(readId('payment', String(latest_charge)));
      const five = await fiveOf(payment);
      for (const at of way) {
        const sent = five[at];
        assert.ok(sent && (await deliver(house.api.url, { sent })) === 200);
      }
      const [row] = await house.sql`
        SELECT state, captured, refunded, refund_reserved, charged_back, stray FROM payments WHERE id = ${payment}`;
      ends.push(Object.entries(row ?? {}).join(' '));
    });
    await Promise.all(lot);
  }
  t.diagnostic(`${ends.length} orders: ${[...new Set(ends)].join(' / ')}`);
  const end = 'state,captured captured,10000 refunded,4500 refund_reserved,0 charged_back,1000 stray,0';
  assert.deepEqual([ends.length, [...new Set(ends)]], [120, [end]]);
});

test('an API that dies after it stored a webhook and before it acted on it loses nothing', async () => {
  const { intent, payment } = await authorized();
  await captureUnheard(intent, { fault: 'webhook_drop', kind: 'capture', times: 1 });
  const [open] = await house.sql`SELECT id, step FROM operations WHERE payment_id = ${payment} AND closed_at IS NULL`;
  const told = decided(`evt_died_${payment}`, { key: `${open?.id}-${open?.step}`, kind: 'capture', amount: 10_000 });
  const at = Date.now();
  const signed = (later: number) => sign(told, { secret: sandboxSecret, at: new Date(at + later) });
  const mortal = await house.mortalApi('webhooks.receive:after SIGKILL');
  await assert.rejects(deliver(mortal.url, { sent: signed(0) }));
  const waiting = () => house.sql`
    SELECT status, times FROM provider_webhooks WHERE event_id = ${told.id} AND status = 'received'`;
  assert.equal((await waiting()).length, 1);
  assert.equal((await stateOf(payment))?.state, 'capture_pending');
  // The acquirer, who has heard nothing, sends it again; another API answers.
  assert.equal(await deliver(house.api.url, { sent: signed(2_000) }), 200);
  assert.equal((await waiting())[0]?.times, 2);
  // A minute later the worker may take it up.
  await house.sql`UPDATE provider_webhooks SET leased_until = leased_until - interval '1 minute' WHERE status = 'received'`;
  await until(isCaptured(payment));
  assert.equal((await captures(payment)).length, 1);
});

test('of 50 copies that reach two APIs at once one is taken', async () => {
  const second = await house.mortalApi('nowhere SIGKILL');
  const { payment } = await captured();
  const [one] = await house.sql`SELECT id, step FROM operations WHERE payment_id = ${payment} AND kind = 'capture'`;
  const told = decided(`evt_two_${payment}`, { key: `${one?.id}-${one?.step}`, kind: 'capture', amount: 10_000 });
  const sent = sign(told, { secret: sandboxSecret, at: new Date() });
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => deliver(n % 2 ? house.api.url : second.url, { sent })),
  );
  assert.deepEqual(answers.toSorted(), [200, ...Array(49).fill(409)]);
});
