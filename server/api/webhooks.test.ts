import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { showId } from '#server/kernel/id.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { decided, sign } from '#server/webhooks/testing/sender.ts';
import { type Attack, attacksOn, deliver, type Target } from './testing/attacks.ts';
import { type Processes, startProcesses } from './testing/processes.ts';
import { clientOf } from './testing/stack.ts';

// Webhooks as they really come: over HTTP to the API's own process, with vault, worker and both acquirers beside it.

const secret = () => `whsec_${systemRandom(32).toString('base64')}`;
const secrets = { alder: secret(), next: secret(), birch: secret() };
const addresses = ['127.0.0.1', '::1'];

let house: Processes;
before(async () => {
  house = await startProcesses({
    webhooks: {
      alder: { secrets: [secrets.alder, secrets.next], addresses },
      birch: { secrets: [secrets.birch], addresses },
    },
  });
});
after(() => house.stop());

const client = () => clientOf(Number(new URL(house.api.url).port), house.key);
const charge = (capture_method: 'automatic' | 'manual') =>
  client().paymentIntents.create({
    amount: 10_000,
    currency: 'eur',
    confirm: true,
    payment_method: 'pm_card_visa',
    capture_method,
  });

/** Rows that money, and everybody who reads the log, depend on: a digest of each table. */
async function books(): Promise<Record<string, string>> {
  const tables = [
    'payments',
    'events',
    'postings',
    'intents',
    'escalations',
    'orders',
    'order_events',
    'compensations',
  ];
  tables.push('fulfilments', 'event_cursors', 'idempotency_keys');
  const digests = await Promise.all([
    ...tables.map(
      (table) => house.sql<{ digest: string }[]>`
      SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') AS digest FROM ${house.sql(table)} t`,
    ),
    // When an operation is asked about next is no part of what it is.
    house.sql<{ digest: string }[]>`
      SELECT md5(string_agg(o::text, '|' ORDER BY id)) AS digest
      FROM (SELECT id, kind, status, step, amount, provider, provider_ref, closed_at, code, sends FROM operations) o`,
  ]);
  return Object.fromEntries([...tables, 'operations'].map((table, at) => [table, String(digests[at]?.[0]?.digest)]));
}

/** Once the worker's consumers have read the log to its end. */
async function quiet(): Promise<Record<string, string>> {
  for (let last = await books(); ; ) {
    await sleep(1_500);
    const now = await books();
    if (JSON.stringify(now) === JSON.stringify(last)) return now;
    last = now;
  }
}

/** A capture whose answer was lost, and which cannot be asked about: what a forger would like to decide. */
async function target(): Promise<Target & { payment: string }> {
  const done = await charge('automatic');
  const intent = await charge('manual');
  await house.alder.pull({ fault: 'lose_after', kind: 'capture', times: 1 });
  await house.alder.pull({ fault: 'lose_before', kind: 'inquire' });
  await client()
    .paymentIntents.capture(intent.id)
    .catch(() => {});
  const [open] =
    await house.sql`SELECT id, step, payment_id FROM operations WHERE kind = 'capture' AND closed_at IS NULL`;
  const [capture] = await house.sql`
    SELECT id, step, provider_ref FROM operations WHERE kind = 'capture' AND status = 'accepted'`;
  assert.ok(open && capture && done.status === 'succeeded');
  const known = decided('evt_known', {
    key: `${capture.id}-${capture.step}`,
    kind: 'capture',
    amount: 10_000,
    id: capture.provider_ref,
  });
  const sent = sign(known, { secret: secrets.alder, at: new Date() });
  assert.equal(await deliver(house.api.url, { sent }), 200);
  return {
    secret: secrets.alder,
    foreignSecret: secrets.birch,
    waiting: { key: `${open.id}-${open.step}`, kind: 'capture', amount: 10_000 },
    captureRef: capture.provider_ref,
    taken: { id: 'evt_known', sent },
    payment: showId('payment', open.payment_id),
  };
}

function tally(of: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of of.toSorted()) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}

test('1,000 forged, replayed, stale, mis-signed, wrong-amount and foreign webhooks: nothing changes, each is answered 4xx and listed with its reason', {
  timeout: 180_000,
}, async (t) => {
  const aim = await target();
  const before = await quiet();
  const listed = tally((await rejected()).map(({ reason }) => reason));
  assert.deepEqual(listed, {});

  const attacks: Attack[] = [];
  while (attacks.length < 1_000) attacks.push(...attacksOn(aim));
  attacks.length = 1_000;
  const answers: [Attack, number][] = [];
  for (let from = 0; from < attacks.length; from += 25) {
    const lot = attacks.slice(from, from + 25);
    answers.push(
      ...(await Promise.all(
        lot.map(async (one): Promise<[Attack, number]> => [one, await deliver(house.api.url, one)]),
      )),
    );
  }
  for (const [{ name, status }, answered] of answers) assert.equal(answered, status, name);
  const reasons = tally(attacks.map(({ reason }) => reason));
  assert.deepEqual(tally((await rejected()).map(({ reason }) => reason)), reasons);
  assert.deepEqual(await quiet(), before);
  t.diagnostic(
    `${attacks.length} attacks of ${new Set(attacks.map(({ name }) => name)).size} kinds: ${JSON.stringify(reasons)}`,
  );

  // The worker looks every fifteen seconds.
  const told = () => house.sql`SELECT id FROM alerts WHERE kind = 'webhooks_rejected' AND subject = 'alder'`;
  for (const end = Date.now() + 30_000; (await told()).length === 0; await sleep(250)) assert.ok(Date.now() < end);

  // The door was not simply shut: the truth about the same operation comes in.
  const truth = sign(decided('evt_truth', { ...aim.waiting, fee: 165 }), { secret: secrets.alder, at: new Date() });
  assert.equal(await deliver(house.api.url, { sent: truth }), 200);
  const [payment] = await house.sql`SELECT state, captured FROM payments WHERE state = 'captured' AND id IN (
    SELECT payment_id FROM operations WHERE id = ${aim.waiting.key.slice(0, 36)})`;
  assert.equal(payment?.captured, 10_000n);
  await house.alder.release();
});

function rejected() {
  return house.sql<{ reason: string }[]>`SELECT reason FROM provider_webhooks WHERE status = 'rejected'`;
}

test('a body above 256 kB, an unknown provider and any other method are turned away, and leave nothing behind', async () => {
  const listed = async () => (await house.sql`SELECT id FROM provider_webhooks`).length;
  const before = await listed();
  const sent = { headers: {}, body: Buffer.alloc(256 * 1024 + 1) };
  assert.equal(await deliver(house.api.url, { sent }), 413);
  assert.equal(await deliver(house.api.url, { sent: { headers: {}, body: Buffer.from('{}') }, provider: 'elm' }), 404);
  assert.equal((await fetch(`${house.api.url}/webhooks/alder`)).status, 404);
  assert.equal(await listed(), before);
});

test('whoever writes down an address of his own has it only where a gateway of ours stands', async () => {
  const claim = decided(`evt_${systemRandom(8).toString('hex')}`, { key: 'none', kind: 'capture', amount: 1 });
  const { headers, body } = sign(claim, { secret: secrets.alder, at: new Date() });
  const sent = { headers: { ...headers, 'x-forwarded-for': '127.0.0.1' }, body };
  assert.equal(await deliver(house.api.url, { from: '127.0.0.2', sent }), 403);
});
