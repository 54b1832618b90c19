import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Failpoint } from '#db/transaction.ts';
import { showId } from '#server/kernel/id.ts';
import { matchFile } from './match-file.ts';
import { booksOnDatabase, type PlantedLine, type TestBooks } from './testing/books.ts';

let room: TestBooks;
before(async () => {
  room = await booksOnDatabase();
  await room.rules({ windowDays: 0 });
});
after(() => room[Symbol.asyncDispose]());

/** A file with something for each rule and of each kind, over operations of its own. */
async function planted(): Promise<string> {
  const operations = Array.from({ length: 10 }, () => ({ id: room.ids(), payment: room.ids() }));
  const keys = operations.map(({ id }): PlantedLine => ({ kind: 'capture', key: `${id}-1` }));
  const line = (place: number, changed: Partial<PlantedLine> = {}): PlantedLine => ({
    kind: 'capture',
    ...keys[place],
    ...changed,
  });
  await room.plant(operations.map((one, place) => ({ ...one, ...(place === 6 && { status: 'refused' }) })));
  return room.file([
    line(0),
    line(1, { key: null, ref: `ref_${operations[1]?.id}` }),
    line(2, { key: null, reference: showId('payment', operations[2]?.payment ?? '') }),
    line(0),
    line(3, { amount: 1n }),
    line(4, { currency: 'USD' }),
    line(5, { fee: 1n }),
    line(6),
    { kind: 'capture', ref: 'stranger' },
    { kind: 'refund', ref: 're_1', captureRef: `ref_${operations[7]?.id}` },
    { kind: 'chargeback', ref: 'cb_1', captureRef: `ref_${operations[8]?.id}` },
    { kind: 'chargeback', ref: 'cb_1', captureRef: `ref_${operations[8]?.id}` },
    { kind: 'adjustment' },
    { kind: 'fee' },
  ]);
}

/** What a matching has left behind, without ids. */
async function rowsOf(fileId: string) {
  const lines = await room.owner`
    SELECT line, rule, operation_id IS NOT NULL AS found, payment_id IS NOT NULL AS named FROM settlement_lines
    WHERE file_id = ${fileId} ORDER BY line`;
  const differences = await room.owner`
    SELECT line, kind, cause, ours, theirs, currency FROM discrepancies
    WHERE file_id = ${fileId} ORDER BY line, kind`;
  const [run] = await room.owner`
    SELECT lines, matched, differences - 'missing_at_provider' AS differences, totals FROM reconciliation_runs
    WHERE file_id = ${fileId}`;
  const [file] = await room.owner`SELECT status FROM settlement_files WHERE id = ${fileId}`;
  return { lines: lines.map((one) => ({ ...one })), differences: differences.map((one) => ({ ...one })), run, file };
}

class Killed extends Error {}

/** Dies at the nth place that it passes. */
function dyingAt(nth: number): Failpoint {
  let passed = 0;
  return () => {
    passed += 1;
    if (passed >= nth) throw new Killed();
  };
}

test('whoever is killed at any place, and begins again, leaves the rows of one who never was', async () => {
  const whole = await planted();
  await matchFile(room.books(), whole);
  const expected = await rowsOf(whole);
  assert.deepEqual(
    expected.differences.map(({ line, kind }) => `${line} ${kind}`),
    ['5 duplicate', '6 amount', '7 currency', '8 fee', '9 status', '10 missing_here', '11 missing_here', '13 duplicate']
      .concat('14 missing_here')
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)),
  );

  const fileId = await planted();
  let deaths = 0;
  for (let nth = 1; ; nth++) {
    const done = await matchFile(room.books(dyingAt(nth)), fileId).then(
      () => true,
      (error: unknown) => (error instanceof Killed ? false : Promise.reject(error)),
    );
    if (done) break;
    deaths += 1;
  }
  assert.ok(deaths >= 20, `it died ${deaths} times`);
  assert.deepEqual(await rowsOf(fileId), expected);
});

test('two who match one file at once leave the rows of one', async () => {
  const whole = await planted();
  await matchFile(room.books(), whole);
  const fileId = await planted();
  await Promise.allSettled([1, 2, 3].map(() => matchFile(room.books(), fileId)));
  // Whoever lost has failed, and would be called again.
  await matchFile(room.books(), fileId);
  assert.deepEqual(await rowsOf(fileId), await rowsOf(whole));
});
