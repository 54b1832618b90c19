import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { booksOnDatabase, type TestBooks } from './testing/books.ts';
import { work } from './work.ts';

let room: TestBooks;
before(async () => {
  room = await booksOnDatabase();
});
after(() => room[Symbol.asyncDispose]());

const statusOf = async (fileId: string) => {
  const [file] = await room.owner<{ status: string }[]>`SELECT status FROM settlement_files WHERE id = ${fileId}`;
  return file?.status;
};

test('of two workers one has a file, and both together have all of them', async () => {
  const files = [await room.file([{ kind: 'adjustment' }]), await room.file([{ kind: 'fee' }])];
  const dealt = await Promise.all([work(room.books(), 10), work(room.books(), 10)]);
  assert.equal(dealt[0] + dealt[1], 2);
  for (const fileId of files) assert.equal(await statusOf(fileId), 'posted');
});

test('who dies keeps a file for as long as its lease, and no longer', async () => {
  const fileId = await room.file([{ kind: 'fee' }]);
  const dying = room.books((name) => {
    if (name !== 'reconciliation.claim:begin' && name !== 'reconciliation.claim:before') throw new Error('killed');
  });
  await assert.rejects(work(dying, 10));
  assert.equal(await work(room.books(), 10), 0);
  room.clock.forward(5 * 60_000 - 1);
  assert.equal(await work(room.books(), 10), 0);
  room.clock.forward(1);
  assert.equal(await work(room.books(), 10), 1);
  assert.equal(await statusOf(fileId), 'posted');
});

test('after a downtime the oldest day comes first, and a later one waits for it', async () => {
  const late = await room.file([{ kind: 'fee' }], { day: '2026-02-03' });
  const early = await room.file([{ kind: 'fee' }], { day: '2026-02-02' });
  const busy = new Date(room.clock.now().getTime() + 60_000);
  await room.owner`UPDATE settlement_files SET leased_until = ${busy} WHERE id = ${early}`;
  assert.equal(await work(room.books(), 10), 0);
  await room.owner`UPDATE settlement_files SET leased_until = NULL WHERE id = ${early}`;
  assert.equal(await work(room.books(), 1), 1);
  assert.deepEqual([await statusOf(early), await statusOf(late)], ['posted', 'read']);
});
