import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql } from '#db/client.ts';
import { recall } from '#server/idempotency/keys.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { decideCapture, decideVoid } from './decide.ts';
import {
  answered,
  because,
  birth,
  claimOf,
  confirming,
  given,
  ids,
  type Mover,
  moverOnDatabase,
  newIntent,
  no,
  operation,
  refunding,
  silence,
  unborn,
  yes,
} from './testing/given.ts';

let mover: Mover;
before(async () => {
  mover = await moverOnDatabase();
});
after(() => mover[Symbol.asyncDispose]());

const codeOf = (error: unknown) => (error instanceof Refusal ? error.code : String(error));

test('a payment read back is the payment that was committed, operations and all', async () => {
  const payment = await given(mover.commit, 'captured');
  const { payment: read } = await mover.load.payment(payment.merchantId, payment.id);
  assert.deepEqual(read, payment);
  assert.equal(payment.state, 'captured');
  assert.equal(payment.version, 8);
});

test('every step of a life is in the log, in order, with its operation', async () => {
  const payment = await given(mover.commit, 'captured');
  const rows =
    await mover.sql`SELECT trigger, to_state, operation_id FROM events WHERE payment_id = ${payment.id} ORDER BY seq`;
  assert.deepEqual(
    rows.map(({ trigger, to_state }) => `${trigger} ${to_state}`),
    [
      'create initiated',
      'collect payment_method_captured',
      'tokenize tokenized',
      'approve risk_checked',
      'operation_opened risk_checked',
      'authorize authorized',
      'begin_capture capture_pending',
      'capture captured',
    ],
  );
  assert.ok(rows.slice(4).every(({ operation_id }) => operation_id !== null));
});

test('an automatic payment begins its capture in the commit of its authorisation', async () => {
  const intent = newIntent({ captureMethod: 'automatic' });
  const born = await mover.commit(birth(intent));
  const confirmed = await mover.commit(confirming(born, intent));
  const authorized = await mover.commit(answered(confirmed, yes(confirmed.amount)));
  assert.equal(authorized.state, 'capture_pending');
  const captured = await mover.commit(answered(authorized, yes(confirmed.amount, 'cap')));
  assert.equal(captured.state, 'captured');
});

test('postings of a life net to what the merchant is owed', async () => {
  let payment = await given(mover.commit, 'captured');
  payment = await mover.commit(refunding(payment, 2_500n));
  await mover.commit(answered(payment, yes(2_500n)));
  const books = openSql(mover.database.url('owner'), { application: 'test', max: 1 });
  const rows = await books`
    SELECT account, sum(amount)::bigint AS balance FROM (
      SELECT debit AS account, amount FROM postings WHERE payment_id = ${payment.id}
      UNION ALL SELECT credit, -amount FROM postings WHERE payment_id = ${payment.id}) AS sides
    GROUP BY account HAVING sum(amount) <> 0 ORDER BY account`.finally(() => books.end());
  assert.deepEqual(
    rows.map(({ account, balance }) => [account, balance]),
    [
      ['merchant_payable', -7_500n],
      ['receivable', 7_500n],
    ],
  );
});

test('two captures decided on one version: the second is stale, and only one is in the books', async () => {
  const payment = await given(mover.commit, 'authorized');
  const results = await Promise.allSettled(
    [1, 2, 3].map(() => mover.commit(decideCapture(payment, operation('capture', 100n), because))),
  );
  assert.deepEqual(
    results.map((r) => (r.status === 'fulfilled' ? 'ok' : codeOf(r.reason))),
    ['ok', 'stale', 'stale'],
  );
  const [row] =
    await mover.sql`SELECT count(*)::int AS n FROM operations WHERE payment_id = ${payment.id} AND kind = 'capture'`;
  assert.equal(row?.n, 1);
});

test('no second operation starts while the first has no answer', async () => {
  let payment = await given(mover.commit, 'authorized');
  payment = await mover.commit(decideVoid(payment, operation('void', payment.authorized), because));
  payment = await mover.commit(answered(payment, silence));
  assert.equal(payment.state, 'authorized');
  assert.throws(() => decideCapture(payment, operation('capture', 1n), because), { code: 'operation_unclosed' });
  payment = await mover.commit(answered(payment, yes(payment.authorized)));
  assert.equal(payment.state, 'voided');
});

test('a capture that was definitely refused opens the void that lets the money go, in the same commit', async () => {
  let payment = await given(mover.commit, 'authorized');
  payment = await mover.commit(decideCapture(payment, operation('capture', payment.authorized), because));
  payment = await mover.commit(answered(payment, no));
  assert.deepEqual(
    payment.operations.map(({ kind, status }) => `${kind} ${status}`),
    ['authorize accepted', 'capture refused', 'void open'],
  );
  payment = await mover.commit(answered(payment, yes(payment.authorized)));
  assert.equal(payment.state, 'voided');
  const { intent } = await mover.load.intent(payment.merchantId, payment.intentId);
  assert.equal(intent.canceledAt, null, 'the shopper may pay with another card');
});

test('a refund without an answer keeps its amount reserved', async () => {
  let payment = await given(mover.commit, 'captured');
  payment = await mover.commit(refunding(payment, 6_000n));
  payment = await mover.commit(answered(payment, silence));
  assert.throws(() => refunding(payment, 6_000n), { code: 'amount_too_large' });
  payment = await mover.commit(answered(payment, no));
  assert.equal(payment.refundReserved, 0n);
  payment = await mover.commit(refunding(payment, 10_000n));
  payment = await mover.commit(answered(payment, yes(10_000n)));
  assert.equal(payment.state, 'refunded');
});

test('a declined intent is tried again by one new payment, however many try at once', async () => {
  const intent = newIntent();
  const declined = await mover.commit(
    answered(await mover.commit(confirming(await mover.commit(birth(intent)), intent)), no),
  );
  assert.equal(declined.state, 'failed');
  const again = { ...intent, attempts: 1 };
  const results = await Promise.allSettled([1, 2, 3, 4].map(() => mover.commit(confirming(unborn(again), again))));
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  const { intent: read, payment } = await mover.load.intent(intent.merchantId, intent.id);
  assert.deepEqual([read.attempts, payment?.attempt, payment?.state], [2, 2, 'risk_checked']);
});

test('a payment that is born judged goes by a verdict of its own', async () => {
  const intent = newIntent();
  await mover.commit(answered(await mover.commit(confirming(await mover.commit(birth(intent)), intent)), no));
  const again = { ...intent, attempts: 1 };
  const born = () => confirming(unborn(again), again);
  const foreign = born().set({ verdictId: ids() });
  await assert.rejects(mover.commit(foreign), { code: 'illegal_move', message: /verdict/ });
  assert.equal((await mover.commit(born())).state, 'risk_checked');
});

test('an answer that is known beforehand is kept in the commit that claims its key', async () => {
  const intent = newIntent();
  const answer = { status: 200, body: '{"made":"äö 😀"}', request: 'req_1' };
  const claim = { ...claimOf(intent.merchantId, 'k1'), request: 'req_1', answer };
  await mover.commit(birth(intent).claimed(claim, { kind: 'intent', id: intent.id }));
  assert.deepEqual(await recall(mover.sql, claim, new Date()), { kind: 'done', ...answer });
});

test('a change whose key is taken is not made, and a key is claimed only with its change', async () => {
  const payment = await given(mover.commit, 'captured');
  const subject = { kind: 'refund', id: ids() };
  const first = refunding(payment, 100n).claimed(claimOf(payment.merchantId, 'k1'), subject);
  const moved = await mover.commit(first);
  const second = refunding(moved, 100n).claimed(claimOf(payment.merchantId, 'k1'), subject);
  await assert.rejects(mover.commit(second), { code: 'idempotency_in_flight' });
  const stale = refunding(payment, 100n).claimed(claimOf(payment.merchantId, 'k2'), subject);
  await assert.rejects(mover.commit(stale), { code: 'stale' });
  const keys = await mover.sql`SELECT key FROM idempotency_keys WHERE merchant_id = ${payment.merchantId}`;
  assert.deepEqual(
    keys.map(({ key }) => key),
    ['k1'],
  );
});

test('a hundred changes under one key at once: one is made', async () => {
  const merchantId = ids();
  const results = await Promise.allSettled(
    Array.from({ length: 100 }, () => {
      const intent = newIntent({ merchantId });
      return mover.commit(birth(intent).claimed(claimOf(merchantId, 'same'), { kind: 'intent', id: intent.id }));
    }),
  );
  assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  const [row] = await mover.sql`SELECT count(*)::int AS n FROM payments WHERE merchant_id = ${merchantId}`;
  assert.equal(row?.n, 1);
});

test('a payment that has had five hundred operations is refunded no more in pieces', async () => {
  const payment = await given(mover.commit, 'captured');
  const many = { ...payment, operations: Array.from({ length: 500 }, () => operation('refund', 1n)) };
  assert.throws(() => refunding(many, 1n), { code: 'illegal_move' });
});

test('a bigint that a connector leaves in an answer is kept as text, and its neighbours are not hurt', async () => {
  const [odd, plain] = [await given(mover.commit, 'captured'), await given(mover.commit, 'captured')];
  const opened = await Promise.all([odd, plain].map((payment) => mover.commit(refunding(payment, 1n))));
  const told = { ...yes(1n), exchange: { status: 200, milliseconds: 1, answer: { amount: 9_007_199_254_740_993n } } };
  const [first, second] = opened;
  assert.ok(first && second);
  await Promise.all([mover.commit(answered(first, told)), mover.commit(answered(second, yes(1n)))]);
  const [event] = await mover.sql`SELECT data FROM events WHERE payment_id = ${odd.id} ORDER BY seq DESC LIMIT 1`;
  assert.equal(event?.data.exchange.answer.amount, '9007199254740993');
});
