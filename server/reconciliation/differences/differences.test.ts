import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeTransact } from '#db/transaction.ts';
import { makeLog } from '#server/observability/log.ts';
import { matchFile } from '../matching/match-file.ts';
import { booksOnDatabase, type TestBooks } from '../matching/testing/books.ts';
import type { Books } from '../room.ts';
import { confirmEnd, proposeEnd, withdrawEnd } from './end.ts';
import { assign, note, resolve } from './look-after.ts';

let room: TestBooks;
let web: Books;
before(async () => {
  room = await booksOnDatabase();
  await room.rules({ windowDays: 0 });
  await room.owner`
    INSERT INTO merchants (id, name, currency, created_at)
    VALUES (${room.caller.merchantId}, 'Only', 'EUR', ${room.clock.now()})`;
  const { sql, clock, ids, payments } = room;
  const log = makeLog('test', { write: () => {} });
  web = { sql, clock, ids, payments, log, transact: makeTransact(sql, { clock }) };
});
after(() => room[Symbol.asyncDispose]());

const reason = 'Seen in the contract, page 4.';

/** A line that has nothing here, an operation that no line has named, and a line of 1 less than its operation. */
async function differing() {
  const [missing, other] = [0, 1].map(() => ({ id: room.ids(), payment: room.ids() })) as [
    { id: string; payment: string },
    { id: string; payment: string },
  ];
  await room.plant([missing, other]);
  const fileId = await room.file([
    { kind: 'capture', ref: 'nowhere' },
    { kind: 'capture', key: `${other.id}-1`, amount: 9_999n },
  ]);
  await matchFile(room.books(), fileId);
  const rows = await room.owner<{ id: string; kind: string; operation_id: string | null }[]>`
    SELECT id, kind, operation_id FROM discrepancies WHERE file_id = ${fileId} OR operation_id = ${missing.id}`;
  const idOf = (kind: string) => rows.find((row) => row.kind === kind)?.id ?? assert.fail(`no difference ${kind}`);
  return {
    fileId,
    missing,
    other,
    here: idOf('missing_here'),
    there: idOf('missing_at_provider'),
    amount: idOf('amount'),
  };
}

const read = async (id: string) => {
  const [row] = await room.owner`SELECT * FROM discrepancies WHERE id = ${id}`;
  return row ?? assert.fail('no such difference');
};
const [ann, bob] = ['Ann', 'Bob'];
const refusedAs = (code: string) => (error: { code?: string }) => error.code === code;

test('a difference has somebody who looks after it, notes, and one end with a reason', async () => {
  const { here } = await differing();
  const by = room.staff(ann);
  await assign(web, by, { differenceId: here, to: { staffId: by.staffId, name: 'Ann' } });
  await note(web, by, { differenceId: here, text: ' Asked them. ' });
  assert.equal((await read(here)).assigned_to_name, 'Ann');
  await assert.rejects(resolve(web, by, { differenceId: here, reason: 'too short' }), refusedAs('invalid_input'));
  await resolve(web, by, { differenceId: here, reason });
  const ended = await read(here);
  assert.deepEqual([ended.ended, ended.reason, ended.ended_by_name], ['resolved', reason, 'Ann']);
  await assert.rejects(resolve(web, by, { differenceId: here, reason }), refusedAs('illegal_move'));
  await assert.rejects(assign(web, by, { differenceId: here, to: null }), refusedAs('illegal_move'));
  await note(web, by, { differenceId: here, text: 'They have answered since.' });
  const notes = await room.owner`SELECT text FROM discrepancy_notes WHERE discrepancy_id = ${here} ORDER BY id`;
  assert.deepEqual(
    notes.map(({ text }) => text),
    ['Asked them.', 'They have answered since.'],
  );
});

test('a write-off takes two people, and the proposal that the second one has read', async () => {
  const { amount } = await differing();
  const proposal = { differenceId: amount, end: 'written_off' as const, reason };
  await proposeEnd(web, room.staff(ann), proposal);
  await assert.rejects(proposeEnd(web, room.staff(bob), proposal), refusedAs('illegal_move'));
  const { proposed_at: proposedAt } = await read(amount);
  const meant = { differenceId: amount, proposedAt };
  await assert.rejects(confirmEnd(web, room.staff(ann), meant), refusedAs('second_person'));
  const older = { ...meant, proposedAt: new Date(proposedAt.getTime() - 1) };
  await assert.rejects(confirmEnd(web, room.staff(bob), older), refusedAs('stale'));
  await withdrawEnd(web, room.staff(bob), meant);
  await assert.rejects(confirmEnd(web, room.staff(bob), meant), refusedAs('illegal_move'));
  room.clock.forward(1_000);
  await proposeEnd(web, room.staff(ann), proposal);
  await confirmEnd(web, room.staff(bob), { differenceId: amount, proposedAt: (await read(amount)).proposed_at });
  const row = await read(amount);
  assert.deepEqual([row.ended, row.proposed_by_name, row.ended_by_name], ['written_off', 'Ann', 'Bob']);
});

test('a forced match gives the line its operation, and what was missing is over; money that cannot agree is refused', async () => {
  const { here, there, missing, other, fileId } = await differing();
  const force = (operationId: string) =>
    proposeEnd(web, room.staff(ann), { differenceId: here, end: 'matched', reason, operationId });
  await assert.rejects(force(other.id), refusedAs('illegal_move'), 'another line has it');
  await assert.rejects(force(room.ids()), refusedAs('illegal_move'), 'there is none');
  const dollars = { id: room.ids(), payment: room.ids(), currency: 'USD' };
  const refund = { id: room.ids(), payment: room.ids(), kind: 'refund' as const };
  const absent = { id: room.ids(), payment: room.ids(), status: 'absent' };
  await room.plant([dollars, refund, absent]);
  for (const { id } of [dollars, refund, absent]) await assert.rejects(force(id), refusedAs('illegal_move'));
  await force(missing.id);
  await confirmEnd(web, room.staff(bob), { differenceId: here, proposedAt: (await read(here)).proposed_at });
  const [line] = await room.owner`
    SELECT operation_id, payment_id, rule FROM settlement_lines WHERE file_id = ${fileId} AND line = 2`;
  assert.deepEqual({ ...line }, { operation_id: missing.id, payment_id: missing.payment, rule: 'person' });
  assert.deepEqual([(await read(here)).ended, (await read(there)).ended], ['matched', 'resolved']);
});

test('the database refuses a write-off by one person, or one that nobody has proposed', async () => {
  const { amount } = await differing();
  const now = room.clock.now();
  const alone = room.ids();
  const violates = { constraint_name: 'discrepancies_second_person' };
  for (const [proposed, endedBy] of [
    ['written_off', alone],
    ['written_off', null],
    ['matched', room.ids()],
    [null, room.ids()],
  ] as const) {
    await assert.rejects(
      room.owner`
        UPDATE discrepancies SET proposed = ${proposed}, proposed_by = ${proposed && alone}, ended = 'written_off',
          ended_at = ${now}, ended_by = ${endedBy} WHERE id = ${amount}`,
      violates,
    );
  }
});

test("support may look and not touch; a key is no person; another merchant's difference is not found", async () => {
  const { here } = await differing();
  const by = room.staff(ann);
  const said = { differenceId: here, reason };
  await assert.rejects(resolve(web, { ...by, role: 'support' }, said), refusedAs('forbidden'));
  await assert.rejects(resolve(web, room.caller, said), refusedAs('forbidden'));
  await assert.rejects(resolve(web, { ...by, merchantId: room.ids() }, said), refusedAs('not_found'));
  assert.equal((await read(here)).ended, null);
});
