import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { SettledLine } from './payments.ts';
import { accepted, paymentsOnDatabase, refused, silence } from './testing/room.ts';
import { holdAt, inputOf, lineOf } from './testing/settling.ts';

let room: Awaited<ReturnType<typeof paymentsOnDatabase>>;
before(async () => {
  room = await paymentsOnDatabase(['alder', 'birch']);
});
after(() => room[Symbol.asyncDispose]());
beforeEach(() => room.wellAgain());

const read = (id: string) => room.payments.payment(room.caller, id);

async function settle(id: string, ...lines: SettledLine[]) {
  return (await room.payments.settle([inputOf(await read(id), lines)])).map((one) =>
    'in' in one ? `${one.result} ${one.in}` : one.result,
  );
}

/** What the database has of a payment beside what is shown of it. */
async function standing(id: string) {
  const [row] = await room.owner<{ state: string; version: number; reconciled: bigint | null }[]>`
    SELECT state, version, reconciled FROM payments WHERE id = ${id}`;
  return row;
}

/** What each account holds of a payment: debits less credits, accounts with nothing left out. */
async function books(id: string): Promise<Record<string, bigint>> {
  const rows = await room.owner<{ account: string; balance: bigint }[]>`
    SELECT account, sum(amount)::bigint AS balance FROM (
      SELECT debit AS account, amount FROM postings WHERE payment_id = ${id}
      UNION ALL SELECT credit, -amount FROM postings WHERE payment_id = ${id}) moved
    GROUP BY account HAVING sum(amount) <> 0`;
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
}

async function last(id: string) {
  const { trigger, cause, amount, data } = (await room.payments.timeline(room.caller, id)).at(-1) ?? {};
  return { trigger, cause, amount, data };
}

const withFee = (fee: bigint) => {
  room.script.send = (order) => ({ ...accepted(order), ...(order.kind === 'capture' && { fee }) });
};

test('a settled capture reconciles its payment with the settled amount; what the provider owed it pays out', async () => {
  withFee(290n);
  const { id } = await room.paid('automatic');
  assert.deepEqual(await settle(id, lineOf(await read(id), 'capture', { fee: 290n })), ['settled']);
  assert.deepEqual(await standing(id), { state: 'reconciled', version: 9, reconciled: 10_000n });
  assert.deepEqual(await books(id), { payouts: 9_710n, fees: 290n, merchant_payable: -10_000n });
  assert.deepEqual(await last(id), {
    trigger: 'reconcile',
    cause: 'settlement',
    amount: 10_000n,
    data: { line: 'day.csv:2', ref: 'st_1', fee: '290', books: { provider: 'alder', currency: 'EUR' } },
  });
});

test('the same line twice, or fifty times at once, changes nothing the second time', async () => {
  const { id } = await room.paid('automatic');
  await room.payments.refund(room.caller, { paymentId: id, amount: 4_000n });
  const payment = await read(id);
  const input = inputOf(payment, [lineOf(payment, 'capture'), lineOf(payment, 'refund')]);
  const said = await room.payments.settle(Array.from({ length: 50 }, () => input));
  assert.equal(said.filter(({ result }) => result === 'settled').length, 2);
  assert.equal(said.filter(({ result }) => result === 'known').length, 98);
  const stands = await standing(id);
  assert.deepEqual(await settle(id, ...input.lines, ...input.lines), ['known', 'known', 'known', 'known']);
  assert.deepEqual(await standing(id), stands);
  assert.deepEqual(await settle(id, { ...lineOf(payment, 'capture'), amount: 9_000n, within: 5_000n }), [
    'differs amount',
  ]);
});

test('a payment that was refunded before its settlement keeps its state and gets its settled amounts', async () => {
  const { id } = await room.paid('automatic');
  await room.payments.refund(room.caller, { paymentId: id });
  const payment = await read(id);
  assert.deepEqual(await settle(id, lineOf(payment, 'capture')), ['settled']);
  assert.equal((await last(id)).trigger, 'settled');
  assert.deepEqual(await settle(id, lineOf(payment, 'refund')), ['settled']);
  assert.equal((await last(id)).trigger, 'refund_settled');
  assert.deepEqual(await standing(id), { state: 'refunded', version: 12, reconciled: 10_000n });
  assert.deepEqual(await books(id), {});
});

test('a part that was given back is settled in its own right, before its capture or after it', async () => {
  const { id } = await room.paid('automatic');
  await room.payments.refund(room.caller, { paymentId: id, amount: 2_500n });
  const payment = await read(id);
  assert.deepEqual(await settle(id, lineOf(payment, 'refund', { fee: 25n })), ['settled']);
  assert.equal((await standing(id))?.state, 'captured');
  assert.deepEqual(await settle(id, lineOf(payment, 'capture')), ['settled']);
  assert.deepEqual(await standing(id), { state: 'reconciled', version: 12, reconciled: 10_000n });
  assert.deepEqual(await books(id), { payouts: 7_475n, fees: 25n, merchant_payable: -7_500n });
});

test('a line that is not what our operation is changes nothing', async () => {
  const { id } = await room.paid('automatic');
  room.script.send = (order) => (order.kind === 'refund' ? refused : accepted(order));
  await room.payments.refund(room.caller, { paymentId: id, amount: 100n });
  const [payment, stands] = [await read(id), await standing(id)];
  const capture = lineOf(payment, 'capture');
  const wrong: [SettledLine, string][] = [
    [{ ...capture, amount: 9_999n }, 'differs amount'],
    [{ ...capture, amount: 10_001n }, 'differs amount'],
    [{ ...capture, amount: 9_998n, within: 1n }, 'differs amount'],
    [{ ...capture, currency: 'USD' }, 'differs currency'],
    [{ ...capture, kind: 'refund' }, 'differs status'],
    [{ ...capture, operationId: room.ids() }, 'differs status'],
    [lineOf(payment, 'refund'), 'differs status'],
  ];
  for (const [line, result] of wrong) assert.deepEqual(await settle(id, line), [result]);
  const elsewhere = await room.payments.settle([{ ...inputOf(payment, [capture]), provider: 'birch' }]);
  assert.deepEqual(elsewhere, [{ operationId: capture.operationId, result: 'differs', in: 'provider' }]);
  assert.deepEqual(await standing(id), stands);
});

test('a capture whose answer was lost is heard first and settled then', async () => {
  room.script.send = (order) => (order.kind === 'capture' ? silence : accepted(order));
  const { id } = await room.paid('automatic');
  const line = lineOf(await read(id), 'capture');
  assert.deepEqual(await settle(id, line), ['unclosed']);
  const outcome = { kind: 'accepted', providerRef: 'cap_9', amount: 10_000n, currency: 'EUR' } as const;
  const say = { about: 'operation', key: `${line.operationId}-1`, kind: 'capture' } as const;
  const said = { ...say, outcome: { ...outcome, exchange: { milliseconds: 0 } } };
  await room.payments.hear({ provider: 'alder', cause: 'settlement', say: said });
  assert.deepEqual(await settle(id, line), ['settled']);
  assert.equal((await standing(id))?.state, 'reconciled');
});

test('a fee that is not what was told is taken back and posted anew; the reversal names what it reverses', async () => {
  withFee(290n);
  const { id } = await room.paid('automatic');
  await settle(id, lineOf(await read(id), 'capture', { fee: 320n }));
  assert.deepEqual(await books(id), { payouts: 9_680n, fees: 320n, merchant_payable: -10_000n });
  const reversed = await room.owner`
    SELECT x.kind, x.amount FROM postings r JOIN postings x ON x.id = r.reverses WHERE r.payment_id = ${id}`;
  assert.deepEqual([...reversed], [{ kind: 'fee', amount: 290n }]);
});

test('a fee that nobody told of with the capture is posted with the settlement', async () => {
  const { id } = await room.paid('automatic');
  await settle(id, lineOf(await read(id), 'capture', { fee: 300n }));
  assert.deepEqual(await books(id), { payouts: 9_700n, fees: 300n, merchant_payable: -10_000n });
});

test('what may differ, and does, waits in clearing; later refunds go by what was settled', async () => {
  const { id } = await room.paid('automatic');
  assert.deepEqual(await settle(id, lineOf(await read(id), 'capture', { amount: 9_900n, within: 100n })), ['settled']);
  assert.deepEqual(await books(id), { payouts: 9_900n, clearing: 100n, merchant_payable: -10_000n });
  assert.equal((await read(id)).refundable, 9_900n);
  await assert.rejects(room.payments.refund(room.caller, { paymentId: id, amount: 9_901n }), {
    code: 'amount_too_large',
  });
});

test('a refund that came back after its settlement is paid out again; what it posted is reversed by name', async () => {
  const { id } = await room.paid('automatic');
  await room.payments.refund(room.caller, { paymentId: id });
  const payment = await read(id);
  await settle(id, lineOf(payment, 'capture'), lineOf(payment, 'refund'));
  const key = `${lineOf(payment, 'refund').operationId}-1`;
  const back = { about: 'operation', key, kind: 'refund', outcome: refused } as const;
  await room.payments.hear({ provider: 'alder', cause: 'settlement', say: back });
  assert.equal((await standing(id))?.state, 'reconciled');
  const [undone] = await room.owner`
    SELECT x.kind FROM postings r JOIN postings x ON x.id = r.reverses WHERE r.payment_id = ${id}`;
  assert.equal(undone?.kind, 'refund');
  const returned = lineOf(payment, 'refund_returned');
  assert.deepEqual(await settle(id, returned), ['settled']);
  assert.deepEqual(await settle(id, returned, lineOf(payment, 'refund')), ['known', 'known']);
  assert.deepEqual(await books(id), { payouts: 10_000n, merchant_payable: -10_000n });
});

test('a chargeback is posted to disputes when it is heard of', async () => {
  const { id } = await room.paid('automatic');
  const captureRef = (await read(id)).operations.find(({ kind }) => kind === 'capture')?.providerRef ?? '';
  const say = { about: 'chargeback', chargebackRef: 'cb_1', captureRef, amount: 10_000n, currency: 'EUR' } as const;
  await room.payments.hear({ provider: 'alder', cause: 'settlement', say: { ...say, exchange: { milliseconds: 0 } } });
  assert.deepEqual(await books(id), { disputes: 10_000n, merchant_payable: -10_000n });
});

/** Long enough for a change to be decided and to meet the row that the first one holds. */
const decidedOnTheOld = () => setTimeout(50);

test('a refund that came while the settlement was being written is held to what was settled', async () => {
  const { id } = await room.paid('automatic');
  const payment = await read(id);
  const held = holdAt('payments.commit:before');
  const lines = [lineOf(payment, 'capture', { amount: 6_000n, within: 4_000n })];
  const first = room.beside(held.failpoint).settle([inputOf(payment, lines)]);
  await held.reached;
  const second = room.payments.refund(room.caller, { paymentId: id, amount: 7_000n });
  await decidedOnTheOld();
  held.release();
  assert.deepEqual((await first)[0]?.result, 'settled');
  await assert.rejects(second, { code: 'amount_too_large' });
  await room.payments.refund(room.caller, { paymentId: id, amount: 6_000n });
  assert.deepEqual([(await read(id)).refunded, (await standing(id))?.reconciled], [6_000n, 6_000n]);
});

test('a settlement that came while a refund was being written settles no less than is given back', async () => {
  const { id } = await room.paid('automatic');
  const payment = await read(id);
  const held = holdAt('payments.commit:before');
  const first = room.beside(held.failpoint).refund(room.caller, { paymentId: id, amount: 7_000n });
  await held.reached;
  const lines = [lineOf(payment, 'capture', { amount: 6_000n, within: 4_000n })];
  const second = room.payments.settle([inputOf(payment, lines)]);
  await decidedOnTheOld();
  held.release();
  await first;
  assert.deepEqual(await second, [{ operationId: lines[0]?.operationId, result: 'differs', in: 'amount' }]);
  assert.deepEqual([(await read(id)).refunded, (await standing(id))?.reconciled], [7_000n, null]);
});
