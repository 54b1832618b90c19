import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { makeTransact } from '#db/transaction.ts';
import { systemClock as clock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { systemRandom as random } from '#server/kernel/secret.ts';
import { makeReconciliation } from '#server/reconciliation/make.ts';
import { type Console, givenConsole, origin } from './testing/console.ts';
import { takeUpload } from './upload.ts';

let desk: Console;
before(async () => {
  desk = await givenConsole();
  // What is nobody's is an only merchant's.
  await desk.owner`DELETE FROM staff WHERE merchant_id = ${desk.merchants.other}`;
  await desk.owner`DELETE FROM merchants WHERE id = ${desk.merchants.other}`;
});
after(() => desk?.end());

const reason = 'Seen at the acquirer, and agreed with it.';
const day = '2026-11-20';

/** A file of alder's with two captures that nobody here knows, and a line that ends too soon. */
const file = [
  'kind,id,capture_id,key,reference,created,gross,fee,net,currency,payout_id',
  `capture,cap_1,cap_1,key_1,order_1,${day}T10:00:00.000Z,777,7,770,EUR,pay_1`,
  `capture,cap_2,cap_2,key_2,order_2,${day}T11:00:00.000Z,1234,12,1222,EUR,pay_1`,
  'capture,cap_3,cap_',
  `end,planted.csv,,,,${day}T23:59:59.999Z,3,,,,`,
  '',
].join('\n');

async function upload(): Promise<string> {
  const url = `${origin}/admin/reconciliation/upload?of=settlement&provider=alder&day=${day}&name=planted.csv`;
  const headers = { origin, 'content-type': 'application/octet-stream' };
  const request = new Request(url, { method: 'POST', headers, body: file });
  const answer = await takeUpload(request, desk.contextOf(await desk.seatOf('finance')));
  return (await answer.json()).id;
}

/** What the worker does with what waits. */
function work(): Promise<number> {
  const { payments, alerts, log } = desk.rooms;
  const sql = desk.owner;
  const ids = uuidv7({ now: clock.now, random });
  return makeReconciliation({ sql, transact: makeTransact(sql), clock, ids, log, payments, alerts }).work(5);
}

test('from an upload to the queue, one resolved, one written off by two, and the totals follow', async () => {
  const finance = desk.callAs(await desk.seatOf('finance'));
  const owner = desk.callAs(await desk.seatOf('owner'));
  const id = await upload();
  await work();
  const read = await finance.reconciliation.file({ id });
  assert.deepEqual([read.counts?.lines, read.counts?.quarantined, read.open], [2, 1, 2]);
  assert.equal(read.differences.missing_here, 2);
  const unread = await finance.reconciliation.quarantined({ id });
  assert.deepEqual(
    unread.rows.map(({ line, raw }) => [line, raw]),
    [[4, 'capture,cap_3,cap_']],
  );

  const queue = async () => (await finance.differences.page({ filter: { kind: 'missing_here' } })).rows;
  // Both were found in one moment, and stand in no order.
  const [first, second] = (await queue()).toSorted((one, other) => Number((one.theirs ?? 0n) - (other.theirs ?? 0n)));
  assert.deepEqual([first?.theirs, second?.theirs], [777n, 1234n]);
  const line = await finance.reconciliation.line({ id, line: first?.line ?? 0 });
  assert.match(line.raw, /^capture,cap_1,/);
  const open = async () => {
    const { days, open: sums } = await finance.reconciliation.overview();
    return [days.at(-1)?.open, sums[0]?.count ?? 0, sums[0]?.amount ?? 0n];
  };
  assert.deepEqual(await open(), [2, 2, 2011n]);

  await finance.differences.resolve({ id: first?.id ?? '', attempt: randomUUID(), reason });
  assert.deepEqual(await open(), [1, 1, 1234n]);
  const one = { id: second?.id ?? '', attempt: randomUUID() };
  await finance.differences.propose({ ...one, end: 'written_off', reason });
  assert.deepEqual(await open(), [1, 1, 1234n]);
  const { difference } = await owner.differences.one({ id: one.id });
  await owner.differences.confirm({ ...one, proposedAt: difference.proposal?.at ?? new Date(0) });
  assert.deepEqual(await open(), [0, 0, 0n]);
  assert.deepEqual(await queue(), []);
  assert.equal((await finance.reconciliation.file({ id })).open, 0);
});

test('a bank statement is taken in once and shown with its entries', async () => {
  const call = desk.callAs(await desk.seatOf('finance'));
  const url = `${origin}/admin/reconciliation/upload?of=statement&name=bank.csv`;
  const headers = { origin, 'content-type': 'application/octet-stream' };
  const body = 'date,amount,currency,remittance\n2026-11-21,19.92,EUR,ALDER PAYOUT pay_1\n';
  const context = desk.contextOf(await desk.seatOf('finance'));
  const answer = await takeUpload(new Request(url, { method: 'POST', headers, body }), context);
  const { id, path } = await answer.json();
  assert.equal(path, `/admin/reconciliation/statements/${id}`);
  const { statement, rows } = await call.reconciliation.statement({ id });
  assert.deepEqual([statement.name, statement.format, statement.lines], ['bank.csv', 'csv', 1]);
  assert.deepEqual([rows[0]?.amount, rows[0]?.bookedOn, rows[0]?.payout], [1992n, '2026-11-21', null]);
  assert.equal((await call.reconciliation.statements({})).rows.length, 1);
});

test('the ledger tells balances at a day’s end and the postings behind them', async () => {
  const call = desk.callAs(await desk.seatOf('finance'));
  assert.deepEqual((await call.ledger.balances({})).rows, []);
  assert.deepEqual((await call.ledger.balances({ day: '2026-01-01' })).rows, []);
  assert.deepEqual(await call.ledger.entries({ account: 'receivable', provider: 'alder' }), { rows: [], next: null });
});
