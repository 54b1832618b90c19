import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { paymentsOnDatabase, refused } from '#server/payments/testing/room.ts';
import { answers as ofAnswers } from './answers.ts';
import type { ClientAnswer, Evidence, JournalLine } from './evidence.ts';
import { promises } from './promises.ts';
import { shown } from './shown.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
let paid: { id: string; intentId: string };
let declined: { id: string; intentId: string };
let refund: string;
before(async () => {
  room = await paymentsOnDatabase();
  paid = await room.paid('automatic', 5_000n);
  refund = (await room.payments.refund(room.caller, { paymentId: paid.id, amount: 1_000n })).id;
  room.script.send = () => refused;
  declined = await room.paid('automatic', 6_000n);
});
after(() => room[Symbol.asyncDispose]());

const at = new Date('2026-03-01T12:00:00Z');

function told(body: object, fields: Partial<ClientAnswer> = {}): ClientAnswer {
  const request = { client: '7', idempotencyKey: 'k', route: 'POST /v1/refunds', bodyHash: 'b', requestSent: true };
  return { ...request, merchantId: room.caller.merchantId, at, status: 200, body: JSON.stringify(body), ...fields };
}

/** The acquirer's books as its answers were: each operation that it took, under our key. */
async function books(): Promise<Evidence['journals']> {
  const rows = await room.owner<{ id: string; kind: string; paymentId: string; ref: string; amount: string }[]>`
    SELECT id, kind, payment_id AS "paymentId", provider_ref AS ref, amount::text FROM operations
    WHERE status = 'accepted' ORDER BY id`;
  const lines = rows.map(({ id, kind, paymentId, ref, amount }): JournalLine => {
    const own = { id: ref, key: `${id}-1`, authorization: `of ${paymentId}`, reference: shown('payment', paymentId) };
    const common = { at: at.toISOString(), currency: 'EUR', fee: 0, last4: '4242', amount: Number(amount) };
    return { ...own, ...common, kind: kind === 'authorize' ? 'authorization' : (kind as 'capture' | 'refund') };
  });
  return new Map([['alder', lines]]);
}

async function breachesOf(answers: ClientAnswer[], journals?: Evidence['journals']) {
  const evidence = { sql: room.owner, journals: journals ?? (await books()), answers, now: at };
  const found = await Promise.all([...ofAnswers, ...promises].map((one) => one.check(evidence)));
  return found.flat().map(({ invariant }) => invariant);
}

const intent = (status: string, { intentId } = paid) => ({
  object: 'payment_intent',
  id: shown('intent', intentId),
  status,
});
const chargeOf = ({ id }: { id: string }, status: string) => ({ object: 'charge', id: shown('payment', id), status });
const decline = ({ id }: { id: string }) => ({ error: { type: 'card_error', charge: shown('payment', id) } });

test('what is true may be told, however it is wrapped', async () => {
  const truths = [
    told(intent('succeeded'), { idempotencyKey: '1' }),
    told({ ...intent('succeeded'), latest_charge: chargeOf(paid, 'succeeded') }, { idempotencyKey: '2' }),
    told({ object: 'refund', id: shown('refund', refund), status: 'succeeded' }, { idempotencyKey: '3' }),
    told(decline(declined), { idempotencyKey: '4', status: 402 }),
    told({ data: [chargeOf(declined, 'failed'), chargeOf(paid, 'succeeded')] }, { idempotencyKey: null }),
    told({}, { idempotencyKey: '5', status: null, body: null }),
    told({}, { idempotencyKey: '6', status: 502, body: '<html>Bad gateway</html>' }),
  ];
  assert.deepEqual(await breachesOf(truths), []);
});

test('what is not on record, or is another merchant’s, is not to be told', async () => {
  for (const lie of [
    intent('canceled'),
    intent('succeeded', declined),
    chargeOf(declined, 'succeeded'),
    decline(paid),
    { object: 'refund', id: shown('refund', refund), status: 'failed' },
  ]) {
    assert.ok((await breachesOf([told(lie)])).includes('I16a'), JSON.stringify(lie));
  }
  const stranger = { merchantId: room.ids() };
  assert.deepEqual(await breachesOf([told(intent('succeeded'), stranger)]), ['I16a']);
});

test('who was told "succeeded" has it taken, who was told "failed" has nothing held', async () => {
  const journals = new Map(await books());
  const lines = journals.get('alder') ?? [];
  const uncaptured = new Map([['alder', lines.filter(({ kind }) => kind !== 'capture')]]);
  assert.deepEqual(await breachesOf([told(intent('succeeded'))], uncaptured), ['I9d']);
  const [hold] = lines;
  const held = { ...hold, id: 'auth_2', authorization: 'auth_2', reference: shown('payment', declined.id) };
  const holding = new Map([['alder', [...lines, held as JournalLine]]]);
  assert.deepEqual(await breachesOf([told(decline(declined), { status: 402 })], holding), ['I9d']);
});

test('one key has one answer, byte for byte, once it is final; and one request', async () => {
  const same = told(intent('succeeded'));
  const rounded = told(intent('succeeded'), { body: `${same.body} ` });
  assert.deepEqual(await breachesOf([same, same]), []);
  assert.deepEqual(await breachesOf([same, rounded]), ['I8c']);
  assert.deepEqual(await breachesOf([told(intent('processing')), same]), [], 'it was under way');
  assert.deepEqual(await breachesOf([same, told({ error: {} }, { bodyHash: 'c', status: 400 })]), [], 'it is refused');
  assert.deepEqual(await breachesOf([same, told(intent('succeeded'), { bodyHash: 'c' })]), ['I8d']);
  const tomorrow = { bodyHash: 'c', at: new Date(at.getTime() + 86_400_001) };
  assert.deepEqual(await breachesOf([same, told(intent('succeeded'), tomorrow)]), [], 'the key was forgotten');
});
