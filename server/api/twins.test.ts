import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import Stripe from 'stripe';
import type { Claim } from '#server/idempotency/claim.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { listen } from './listen.ts';
import { makeServer } from './server.ts';
import { clientOf, type Stack, startStack } from './testing/stack.ts';

// One request, sent twice: what the second hears when the first was quicker, is still at work, or has failed half-way.

let stack: Stack;
let stripe: Stripe;
let keys = 0;
const freshKey = () => ({ idempotencyKey: `twin-${++keys}` });

before(async () => {
  stack = await startStack();
  stripe = stack.merchant.stripe;
});
after(() => stack.stop());

const refused = (work: Promise<unknown>) =>
  work.then(
    () => assert.fail('it was not refused'),
    (error: unknown) => (error instanceof Stripe.errors.StripeError ? error : assert.fail(String(error))),
  );

const make = (more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({ amount: 900, currency: 'eur', ...more });
const pay = (more: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  make({ confirm: true, payment_method: 'pm_card_visa', ...more });
const hold = () => pay({ capture_method: 'manual' });

/** A second API process, for the time of one test. */
async function second(t: { after(end: () => Promise<void>): void }, rooms: Partial<Stack['rooms']>): Promise<Stripe> {
  const app = makeServer({ ...stack.rooms, ...rooms });
  t.after(() => app.close());
  return clientOf(await listen(app, 0), stack.merchant.key);
}

/** Keys that stop once after the first question: the key was fresh, and the twin may be quicker now. */
function stopAfterRecall() {
  const asked = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  let first = true;
  const recall = async (claim: Claim) => {
    const known = await stack.rooms.keys.recall(claim);
    if (!first) return known;
    first = false;
    asked.resolve();
    await go.promise;
    return known;
  };
  return { keys: { ...stack.rooms.keys, recall }, asked: asked.promise, go: go.resolve };
}

type Act = (
  client: Stripe,
  key: { idempotencyKey: string },
) => Promise<{ id: string; lastResponse: Stripe.Response<object>['lastResponse'] }>;

const acts: [string, () => Promise<Act>][] = [
  [
    'confirmation',
    async () => {
      const { id } = await make();
      return (client, key) => client.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }, key);
    },
  ],
  [
    'capture',
    async () => {
      const { id } = await hold();
      return (client, key) => client.paymentIntents.capture(id, {}, key);
    },
  ],
  [
    'cancellation',
    async () => {
      const { id } = await hold();
      return (client, key) => client.paymentIntents.cancel(id, {}, key);
    },
  ],
  [
    'refund',
    async () => {
      const { id } = await pay();
      return (client, key) => client.refunds.create({ payment_intent: id }, key);
    },
  ],
];

for (const [noun, given] of acts) {
  test(`a ${noun} that was overtaken by its twin gets the answer of the twin`, async (t) => {
    const stopped = stopAfterRecall();
    const late = await second(t, { keys: stopped.keys });
    const [act, key] = [await given(), freshKey()];
    const overtaken = act(late, key);
    await stopped.asked;
    const { lastResponse: _, ...answer } = await act(stripe, key);
    const rows = await stack.rows();
    stopped.go();
    const { lastResponse, ...heard } = await overtaken;
    assert.deepEqual(heard, answer);
    assert.equal(lastResponse.headers['idempotent-replayed'], 'true');
    assert.deepEqual(await stack.rows(), rows);
  });
}

test('a confirmation that was overtaken by its twin, which is still at work, is told to come again', async (t) => {
  const stopped = stopAfterRecall();
  const late = await second(t, { keys: stopped.keys });
  const { id } = await make();
  const key = freshKey();
  const confirm = (client: Stripe) => client.paymentIntents.confirm(id, { payment_method: 'pm_card_visa' }, key);
  const overtaken = refused(confirm(late));
  await stopped.asked;
  await stack.pull({ kind: 'authorize', fault: 'slow', milliseconds: 1500, times: 1 });
  const quick = confirm(stripe);
  while ((await stack.sql`SELECT 1 FROM idempotency_keys WHERE key = ${key.idempotencyKey}`).length === 0)
    await sleep(5);
  stopped.go();
  const error = await overtaken;
  assert.deepEqual([error.statusCode, error.code], [409, 'idempotency_key_in_use']);
  assert.equal((await quick).status, 'succeeded');
});

test('a creation whose confirmation failed goes on to confirm when it is sent again, and makes no second intent', async (t) => {
  const confirm = () => Promise.reject(new Refusal('provider_unavailable', 'No provider takes this payment now.'));
  const broken = await second(t, { payments: { ...stack.rooms.payments, confirm } });
  const before = await stack.rows();
  const key = freshKey();
  const create = (client: Stripe) =>
    client.paymentIntents.create({ amount: 910, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' }, key);
  assert.equal((await refused(create(broken))).statusCode, 503);
  assert.equal((await refused(create(broken))).statusCode, 503);
  const { lastResponse: _, ...paid } = await create(stripe);
  assert.deepEqual([paid.status, paid.amount_received], ['succeeded', 910]);
  const { lastResponse, ...again } = await create(broken);
  assert.equal(lastResponse.headers['idempotent-replayed'], 'true');
  assert.deepEqual(again, paid);
  assert.equal((await stack.rows()).intents, (before.intents ?? 0) + 1);
});

test('a capture that failed after its commit is answered from what became of it', async (t) => {
  const { payments } = stack.rooms;
  const capture: typeof payments.capture = async (...input) => {
    await payments.capture(...input);
    throw new Error('connection lost');
  };
  const broken = await second(t, { payments: { ...payments, capture } });
  const [{ id }, key] = [await hold(), freshKey()];
  assert.equal((await refused(broken.paymentIntents.capture(id, {}, key))).statusCode, 500);
  const rows = await stack.rows();
  assert.equal((await stripe.paymentIntents.capture(id, {}, key)).status, 'succeeded');
  assert.deepEqual(await stack.rows(), rows);
});

test('what is still under way when its lost answer is asked for is answered, and not kept', async (t) => {
  const { payments } = stack.rooms;
  const refund: typeof payments.refund = async (...input) => {
    await payments.refund(...input);
    throw new Error('connection lost');
  };
  const broken = await second(t, { payments: { ...payments, refund } });
  const [{ id }, key] = [await pay(), freshKey()];
  await stack.pull({ kind: 'refund', fault: 'lose_after', times: 1 });
  const give = (client: Stripe) => client.refunds.create({ payment_intent: id, amount: 100 }, key);
  assert.equal((await refused(give(broken))).statusCode, 500);
  assert.equal((await give(stripe)).status, 'pending');
  await stack.sql`UPDATE operations SET ask_at = ask_at - interval '1 minute' WHERE status = 'open'`;
  assert.equal(await stack.rooms.payments.sweep(10), 1);
  assert.equal((await give(stripe)).status, 'succeeded');
  assert.equal((await give(stripe)).lastResponse.headers['idempotent-replayed'], 'true');
});

test('a cancellation that the provider refuses is refused with the same words when it is sent again', async () => {
  const [held, key] = [await hold(), freshKey()];
  await stack.captureElsewhere(String(held.latest_charge));
  const first = await refused(stripe.paymentIntents.cancel(held.id, {}, key));
  const again = await refused(stripe.paymentIntents.cancel(held.id, {}, key));
  assert.match(first.message, /provider refused to release/);
  assert.deepEqual(
    [again.message, again.statusCode, again.code],
    [first.message, 400, 'payment_intent_unexpected_state'],
  );
  assert.equal(again.headers?.['idempotent-replayed'], 'true');
});
