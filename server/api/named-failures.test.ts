import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type Stripe from 'stripe';
import { showId } from '#server/kernel/id.ts';
import { type Fate, type Processes, startProcesses } from './testing/processes.ts';
import { clientOf } from './testing/stack.ts';

// The three failures that have names, staged with real processes: API, worker, vault, two acquirers. The acquirer's own
// books say what really happened.

let house: Processes;
let client: Stripe;
before(async () => {
  house = await startProcesses();
  client = clientAt(house.api.url);
});
after(() => house.stop());

function clientAt(url: string): Stripe {
  return clientOf(Number(new URL(url).port), house.key);
}

let orders = 0;
/** A payment to be made at once, under a key, by a reference that the database keeps. */
function paying(at: Stripe) {
  const reference = `order-${++orders}`;
  const idempotencyKey = `key-${reference}`;
  const body = { amount: 4_200, currency: 'eur', confirm: true, payment_method: 'pm_card_visa' } as const;
  const paid = at.paymentIntents.create({ ...body, metadata: { reference } }, { idempotencyKey });
  return {
    reference,
    again: () => client.paymentIntents.create({ ...body, metadata: { reference } }, { idempotencyKey }),
    paid,
  };
}

interface Found {
  id: string;
  state: string;
  version: number;
  intent_id: string;
}

async function paymentOf(reference: string): Promise<Found | undefined> {
  const [row] = await house.sql<Found[]>`
    SELECT p.id, p.state, p.version, p.intent_id FROM payments p JOIN intents t ON t.id = p.intent_id
    WHERE t.metadata->>'reference' = ${reference}`;
  return row;
}

async function reaches(reference: string, ...states: string[]): Promise<Found> {
  const end = Date.now() + 30_000;
  for (;;) {
    const payment = await paymentOf(reference);
    if (payment && states.includes(payment.state)) return payment;
    assert.ok(Date.now() < end, `${reference} is ${payment?.state}, not ${states}`);
    await sleep(100);
  }
}

/** What the acquirer did for this payment, in order. */
async function effectsFor({ id }: Found): Promise<string[]> {
  const books = await house.alder.books();
  const mine = books.find(({ reference }) => reference === showId('payment', id));
  return books.filter(({ authorization }) => authorization === mine?.authorization).map(({ kind }) => kind);
}

/** Every payment's log is one unbroken path that ends in its state, and no event is of a payment that is not there. */
async function halfWritten(): Promise<number> {
  const [row] = await house.sql<{ n: number }[]>`
    SELECT count(*)::int AS n FROM payments p FULL JOIN (
      SELECT payment_id, count(*) AS events, max(seq) AS last, (array_agg(to_state ORDER BY seq DESC))[1] AS state
      FROM events GROUP BY payment_id) e ON e.payment_id = p.id
    WHERE p.version IS DISTINCT FROM e.events OR p.version IS DISTINCT FROM e.last OR p.state IS DISTINCT FROM e.state`;
  return row?.n ?? -1;
}

test('lost response: the capture whose answer was lost is found out, and made once', async (t) => {
  await house.alder.pull({ kind: 'capture', fault: 'lose_after', times: 1 });
  const { reference, paid } = paying(client);
  const told = await paid;
  assert.notEqual(told.status, 'succeeded', 'nobody is told what nobody knows');
  const began = Date.now();
  const payment = await reaches(reference, 'captured');
  t.diagnostic(`the lost answer was found out after ${((Date.now() - began) / 1000).toFixed(1)} s`);
  assert.deepEqual(await effectsFor(payment), ['authorization', 'capture']);
});

test('partial write: a process killed at any of its commits leaves all of it or nothing, and the payment is made once', {
  timeout: 120_000,
}, async () => {
  // 1 the intent, 2 the confirmation, 3 the authorization's answer, 4 the capture's answer.
  for (const place of ['before', 'after'] as const) {
    await Promise.all([1, 2, 3, 4].map((nth) => dies(`payments.commit:${place}#${nth} SIGKILL`)));
  }
});

/** Pays at a process with this fate; what it left behind is whole, and comes to the end of every payment. */
async function dies(fate: Fate): Promise<void> {
  const mortal = await house.mortalApi(fate);
  const { reference, paid, again } = paying(clientAt(mortal.url));
  await assert.rejects(paid, 'the process died with its answer');
  assert.equal(await halfWritten(), 0);
  const kept = await paymentOf(reference);
  if (!kept || kept.state === 'initiated') {
    // Nothing was asked of anybody: the client's own retry makes it, or hears that its key is being looked after.
    await again().catch((error) => assert.equal(error.code, 'idempotency_key_in_use'));
    if (kept) return;
  }
  const payment = await reaches(reference, 'captured');
  assert.deepEqual(await effectsFor(payment), ['authorization', 'capture'], fate);
  assert.equal(await halfWritten(), 0);
}

test('phantom transition: a process that wakes with an old answer does not move a payment that went on without it', async () => {
  const frozen = await house.mortalApi('payments.commit:begin#3 SIGSTOP');
  const { reference, paid } = paying(clientAt(frozen.url));
  const ended = paid.catch((error) => error);
  const captured = await reaches(reference, 'captured');
  await client.refunds.create({ payment_intent: showId('intent', captured.intent_id) });
  const refunded = await reaches(reference, 'refunded');
  process.kill(frozen.pid, 'SIGCONT');
  await ended;
  assert.deepEqual(await paymentOf(reference), refunded, 'not moved, and not touched');
  assert.deepEqual(await effectsFor(refunded), ['authorization', 'capture', 'refund']);
  assert.equal(await halfWritten(), 0);
});
