import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type Stripe from 'stripe';
import { type Stack, startStack } from './testing/stack.ts';

// Races through every real part: HTTP, the mover, the vault's egress, the acquirer. Its books say what really happened.

let stack: Stack;
let client: Stripe;
before(async () => {
  stack = await startStack();
  client = stack.merchant.stripe;
});
after(() => stack.stop());

const cards = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex', 'pm_card_discover'];

async function authorized(n: number, amount = 10_000): Promise<Stripe.PaymentIntent> {
  const payment_method = cards[n % cards.length];
  return client.paymentIntents.create({
    amount,
    currency: 'eur',
    capture_method: 'manual',
    confirm: true,
    payment_method,
  });
}

async function captured(amount: number): Promise<Stripe.PaymentIntent> {
  return client.paymentIntents.create({ amount, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' });
}

/** In lots, since a test that opens ten thousand sockets tests the sockets. */
async function inLots<T, R>(all: T[], size: number, work: (one: T, n: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let from = 0; from < all.length; from += size) {
    results.push(...(await Promise.all(all.slice(from, from + size).map((one, n) => work(one, from + n)))));
  }
  return results;
}

const effects = async (kind: string) => (await stack.books()).filter((line) => line.kind === kind);

test('300 payments, 20 captures of each at once: exactly 300 captures in the books of the acquirer', {
  timeout: 180_000,
}, async () => {
  const before = (await effects('capture')).length;
  const intents = await inLots(Array.from({ length: 300 }), 25, (_, n) => authorized(n));
  const outcomes = await inLots(intents, 15, ({ id }) =>
    Promise.allSettled(
      Array.from({ length: 20 }, () => client.paymentIntents.capture(id, undefined, { maxNetworkRetries: 0 })),
    ),
  );
  for (const tries of outcomes) {
    assert.equal(tries.filter(({ status }) => status === 'fulfilled').length, 1);
    const codes = new Set(
      tries.flatMap((one) => (one.status === 'rejected' ? [(one.reason as { code?: string }).code] : [])),
    );
    assert.deepEqual([...codes], ['payment_intent_unexpected_state']);
  }
  const lines = (await effects('capture')).slice(before);
  assert.equal(lines.length, 300);
  assert.equal(new Set(lines.map(({ authorization }) => authorization)).size, 300);
  const [row] = await stack.sql`
    SELECT count(*) FILTER (WHERE state = 'captured')::int AS captured, sum(captured)::bigint AS amount FROM payments
    WHERE id IN (SELECT payment_id FROM operations WHERE kind = 'capture')`;
  assert.deepEqual([row?.captured, row?.amount], [300, 3_000_000n]);
});

test('two refunds of 60 on 100 at once: one', async () => {
  for (let round = 0; round < 10; round++) {
    const intent = await captured(10_000);
    const before = (await effects('refund')).length;
    const refund = () => client.refunds.create({ payment_intent: intent.id, amount: 6_000 }, { maxNetworkRetries: 0 });
    const both = await Promise.allSettled([refund(), refund()]);
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await effects('refund')).length, before + 1);
  }
});

test('capture against cancel: one of them, and the books agree', async () => {
  const intents = await inLots(Array.from({ length: 20 }), 10, (_, n) => authorized(n));
  const outcomes = await inLots(intents, 10, ({ id }) =>
    Promise.allSettled([client.paymentIntents.capture(id), client.paymentIntents.cancel(id)]),
  );
  for (const both of outcomes) assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
  const [captures, voids] = [await effects('capture'), await effects('void')];
  const touched = [...captures, ...voids].map(({ authorization }) => authorization);
  assert.equal(new Set(touched).size, touched.length, 'no authorization is both captured and voided');
});

test('a payment that risk rejects ends failed, and no acquirer has heard of it', async () => {
  const { addRule } = await import('#server/risk/rules.ts');
  const { clock, ids } = stack.rooms;
  const rule = { kind: 'amount' as const, limits: { GBP: 100n }, weight: 100 };
  await addRule(stack.sql, { clock, ids }, { merchantId: stack.stranger.id, rule });
  const before = (await stack.books()).length;
  const asked = { amount: 5_000, currency: 'gbp', confirm: true, payment_method: 'pm_card_visa' };
  await assert.rejects(stack.stranger.stripe.paymentIntents.create(asked), { type: 'StripeCardError' });
  assert.equal((await stack.books()).length, before);
  const [row] = await stack.sql`
    SELECT p.state, p.failure_code, v.decision, v.reasons FROM payments p JOIN risk_verdicts v ON v.id = p.verdict_id
    WHERE p.merchant_id = ${stack.stranger.id}`;
  assert.deepEqual([row?.state, row?.failure_code, row?.decision], ['failed', 'risk_rejected', 'reject']);
  assert.match(row?.reasons[0].says, /above the limit of £1\.00/);
});

test('an answer that is lost leaves the money reserved, and the sweep finds out what became of it', async () => {
  const intent = await captured(10_000);
  await stack.pull({ kind: 'refund', fault: 'lose_after', times: 1 });
  const refund = await client.refunds.create({ payment_intent: intent.id, amount: 6_000 });
  assert.equal(refund.status, 'pending');
  await assert.rejects(client.refunds.create({ payment_intent: intent.id, amount: 6_000 }), {
    type: 'StripeInvalidRequestError',
  });
  // As if it had been silent for long.
  await stack.sql`UPDATE operations SET ask_at = ask_at - interval '1 minute' WHERE status = 'open'`;
  assert.equal(await stack.rooms.payments.sweep(10), 1);
  assert.equal((await client.refunds.retrieve(refund.id)).status, 'succeeded');
});

test('ten parts of 15 on 100 at once, every other answer lost: never more than 100 goes back', async () => {
  const { id: payment_intent } = await captured(10_000);
  await stack.pull({ kind: 'refund', fault: 'lose_after', times: 3 });
  await stack.pull({ kind: 'refund', fault: 'lose_before', times: 3 });
  const part = () => client.refunds.create({ payment_intent, amount: 1_500 }, { maxNetworkRetries: 0 });
  const all = await Promise.allSettled(Array.from({ length: 10 }, part));
  const taken = all.filter(({ status }) => status === 'fulfilled').length;
  assert.equal(taken, 6);
  const capture = (await effects('capture')).at(-1)?.authorization;
  const back = (await effects('refund')).filter(({ authorization }) => authorization === capture);
  assert.ok(back.reduce((sum, { amount }) => sum + Number(amount), 0) <= 10_000);
  await assert.rejects(part(), { type: 'StripeInvalidRequestError' });
});
