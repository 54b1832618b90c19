import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { makeAlerts } from '#server/alerts/make.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import { makeReconciliation } from './make.ts';
import { matchFile } from './matching/match-file.ts';
import { booksOnDatabase, type TestBooks } from './matching/testing/books.ts';
import type { Reconciliation } from './reconciliation.ts';
import { differencesOpen, filesLate } from './watch.ts';

const day = 86_400_000;
const alder = new Map([['alder', { timeZone: 'UTC', dueAfter: 6 * 60 }]]);

let room: TestBooks;
let reconciliation: Reconciliation;
before(async () => {
  room = await booksOnDatabase();
  await room.rules({ windowDays: 0 });
  const books = room.books();
  const alerts = makeAlerts({ ...books, random: systemRandom });
  reconciliation = makeReconciliation({ ...books, payments: room.payments, alerts });
});
after(() => room[Symbol.asyncDispose]());

const open = () => room.owner<{ kind: string; subject: string }[]>`
  SELECT kind, subject FROM alerts WHERE resolved_at IS NULL ORDER BY kind, subject`;

/** A file with so many lines that have nothing here. */
async function strange(count: number, amount = 1n): Promise<string> {
  const lines = Array.from({ length: count }, (_, place) => ({ kind: 'capture', ref: `no_${place}`, amount }));
  const fileId = await room.file(lines);
  await matchFile(room.books(), fileId);
  return fileId;
}

test('differences of a file are told of when they are many, much or old, and no more once they have ended', async () => {
  const few = await strange(2);
  const told = async () => (await differencesOpen(room.sql, room.clock.now())).map(({ subject }) => subject);
  assert.deepEqual(await told(), []);
  const many = await strange(10);
  const much = await strange(1, 100_000n);
  const subjects = [many, much].map((id) => `settlement:alder:${id}`);
  assert.deepEqual((await told()).sort(), subjects.toSorted());
  await reconciliation.watch();
  assert.deepEqual((await open()).map(({ subject }) => subject).sort(), subjects.toSorted());

  room.clock.forward(3 * day - 1);
  assert.equal((await told()).includes(`settlement:alder:${few}`), false);
  room.clock.forward(1);
  assert.equal((await told()).includes(`settlement:alder:${few}`), true);
  await room.owner`
    UPDATE discrepancies SET ended = 'resolved', reason = 'Explained.', ended_at = ${room.clock.now()}`;
  await room.owner`UPDATE settlement_files SET status = 'posted'`;
  await reconciliation.watch();
  assert.equal((await open()).length, 0);
});

test('a file is late when its time has come, where something was captured on its day', async () => {
  const now = room.clock.now();
  const today = now.toISOString().slice(0, 10);
  const midnight = Date.parse(`${today}T00:00:00Z`);
  const late = async (time: number) => (await filesLate(room.sql, new Date(time), alder)).map(({ subject }) => subject);
  const due = midnight + day + 6 * 3_600_000;
  assert.deepEqual(await late(due), [], 'nothing was captured');
  await room.plant([{ id: room.ids(), payment: room.ids() }]);
  assert.deepEqual(await late(due - 1), []);
  assert.deepEqual(await late(due), [`alder:${today}`]);
  const fileId = await room.file([]);
  assert.deepEqual(await late(due), [`file:${fileId}`], 'it is here, and nobody deals with it');
  await room.owner`UPDATE settlement_files SET status = 'posted' WHERE id = ${fileId}`;
  assert.deepEqual(await late(due), []);
});
