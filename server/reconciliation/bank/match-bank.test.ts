import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { booksOnDatabase, type TestBooks } from '../matching/testing/books.ts';
import { matchBank } from './match-bank.ts';
import { type Entry, matchPayouts, type Payout } from './match-payouts.ts';

const payout = (ref: string, of: Partial<Payout> = {}): Payout => ({
  ...{ fileId: 'f', line: 1, provider: 'alder', ref, amount: 5_000n, currency: 'EUR', paidOn: '2026-03-01' },
  ...{ taken: false, ...of },
});
const entry = (remittance: string, of: Partial<Entry> = {}): Entry => ({
  ...{ line: 1, bookedOn: '2026-03-02', amount: 5_000n, currency: 'EUR', remittance, ...of },
});

/** What becomes of entries: the payout of each, or the difference. */
function said(entries: Entry[], payouts: Payout[]) {
  const { matched, differences } = matchPayouts(entries, payouts);
  return [
    ...matched.map(({ entry: one, payout: of }) => `${one.line} ${of.ref}`),
    ...differences.map(({ entry: one, kind, cause }) => `${one.line} ${kind} ${cause}`),
  ];
}

test('an entry is the payout that it names, however the bank has written it', () => {
  const payouts = [payout('po_12', { line: 1 }), payout('po_123', { line: 2 }), payout('po_9', { line: 3 })];
  assert.deepEqual(said([entry('ALDER PO-123 THANK YOU')], payouts), ['1 po_123']);
  assert.deepEqual(said([entry('alder p o _ 1 2')], payouts), ['1 po_12']);
});

test('an entry that names none is the one payout of its amount, currency and days', () => {
  const one = payout('po_0001');
  assert.deepEqual(said([entry('from alder')], [one]), ['1 po_0001']);
  const unknown = ['1 missing_here unknown_payout'];
  assert.deepEqual(said([entry('from alder')], [one, payout('po_0002')]), unknown, 'two are alike');
  assert.deepEqual(said([entry('from alder', { amount: 5_001n })], [one]), unknown);
  assert.deepEqual(said([entry('from alder', { currency: 'USD' })], [one]), unknown);
  assert.deepEqual(said([entry('from alder', { bookedOn: '2026-03-07' })], [one]), unknown, 'too late to be sure');
  assert.deepEqual(said([entry('from alder')], [payout('po_0001', { taken: true })]), unknown);
});

test('what differs from the payout that it names is told', () => {
  const one = [payout('po_0001')];
  assert.deepEqual(said([entry('po_0001', { amount: 1n })], one), ['1 po_0001', '1 amount amount_changed']);
  assert.deepEqual(said([entry('po_0001', { currency: 'USD' })], one), ['1 po_0001', '1 currency converted']);
  assert.deepEqual(said([entry('po_0001', { bookedOn: '2026-03-20' })], one), ['1 po_0001', '1 late settled_late']);
  assert.deepEqual(said([entry('po_0001'), entry('po_0001', { line: 2 })], one), [
    '1 po_0001',
    '2 duplicate paid_twice',
  ]);
});

let room: TestBooks;
before(async () => {
  room = await booksOnDatabase();
});
after(() => room[Symbol.asyncDispose]());

async function statement(entries: Entry[]): Promise<string> {
  const id = room.ids();
  await room.owner`
    INSERT INTO bank_statements (id, name, format, digest, content, received_at, lines)
    VALUES (${id}, 'march.csv', 'csv', sha256(${id}::text::bytea), ''::bytea, ${room.clock.now()}, ${entries.length})`;
  for (const { line, bookedOn, amount, currency, remittance } of entries) {
    await room.owner`
      INSERT INTO bank_lines (statement_id, line, booked_on, amount, currency, remittance, raw)
      VALUES (${id}, ${line}, ${bookedOn}, ${amount}, ${currency}, ${remittance}, '')`;
  }
  return id;
}

test('a payout that the bank does not have in time is missing, until a later statement has it', async () => {
  const at = new Date('2026-02-20T12:00:00Z');
  const file = await room.file([
    { kind: 'payout', ref: 'po_aaaa', amount: 700n, at },
    { kind: 'payout', ref: 'po_bbbb', amount: 800n, at },
  ]);
  const first = await statement([entry('po_aaaa', { amount: 700n, bookedOn: '2026-02-28' })]);
  assert.equal(await matchBank(room.books(), 10), 1);
  assert.equal(await matchBank(room.books(), 10), 0);
  const read = () => room.owner<{ said: string }[]>`
    SELECT concat_ws(' ', kind, cause, line, ended) AS said FROM discrepancies WHERE leg = 'bank' ORDER BY kind`;
  assert.deepEqual(
    (await read()).map((row) => row.said),
    ['late settled_late 1', 'missing_at_provider not_paid_yet 3'],
  );
  const [line] = await room.owner`SELECT payout_file_id, payout_line FROM bank_lines WHERE statement_id = ${first}`;
  assert.deepEqual({ ...line }, { payout_file_id: file, payout_line: 2 });
  await statement([entry('po_bbbb', { amount: 800n, bookedOn: '2026-03-01' })]);
  await matchBank(room.books(), 10);
  assert.ok((await read()).some((row) => row.said === 'missing_at_provider not_paid_yet 3 resolved'));
});
