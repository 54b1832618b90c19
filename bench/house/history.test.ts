import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { testDatabase } from '#db/testing/database.ts';
import { live } from '../cases/life.ts';
import { asAdmin } from './databases.ts';
import { examined } from './examined.ts';
import { makeHistory } from './history.ts';
import { stageOn } from './stage.ts';

test('payments of the past pass the doctor, stand in the list, and new ones go on after them', async (t) => {
  const database = await testDatabase();
  const stage = await stageOn(database, 3);
  t.after(async () => {
    await stage.close();
    await database.drop();
  });
  const bench = { say: () => {}, cluster: { folder: tmpdir() }, breaches: [] };
  const history = makeHistory({ bench, database, merchants: stage.merchants });
  await history.growTo(400);
  await history.growTo(600);
  await history.growTo(600);
  await live(stage, 0);

  const [counted] = await asAdmin(
    database.url('owner'),
    (sql) => sql<{ payments: number; listed: number; declined: number; asked: number }[]>`
      SELECT (SELECT count(*)::int FROM payments) AS payments, (SELECT count(*)::int FROM payment_rows) AS listed,
        (SELECT count(*)::int FROM payments WHERE state = 'failed') AS declined,
        (SELECT sum(asked)::int FROM hourly_figures) AS asked`,
  );
  assert.equal(counted?.payments, 601);
  assert.equal(counted?.listed, 600);
  assert.equal(counted?.asked, 600);
  assert.ok(counted.declined > 10 && counted.declined < 100, `${counted.declined} of 600 were declined`);

  const [newest] = (await stage.rooms.payments.list(stage.merchants[0].caller, { limit: 1 })).rows;
  const part = String(newest?.reference).slice(3);
  const { rows: alike } = await stage.rooms.payments.list(stage.merchants[0].caller, {
    filter: { search: part, states: ['captured', 'failed'] },
    limit: 100,
  });
  assert.deepEqual(
    alike.map(({ id }) => id),
    [newest?.id],
  );
  const age = Date.now() - (newest?.createdAt.getTime() ?? 0);
  assert.ok(age > 100 * 86_400_000, 'the past is past');
  await examined(bench, database);
  assert.deepEqual(bench.breaches, []);
});

test('what does not fit on the disk is refused before anything is written', async () => {
  const database = await testDatabase();
  const bench = { say: () => {}, cluster: { folder: tmpdir() } };
  const history = makeHistory({ bench, database, merchants: [] });
  await assert.rejects(history.growTo(1e12), /payments need \d+ GiB on the disk of .+, which has room for \d+/);
  await database.drop();
});
