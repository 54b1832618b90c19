import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from './client.ts';
import { migrateDatabase } from './migrations.ts';
import { type TestDatabase, testDatabase } from './testing/database.ts';

let database: TestDatabase;
let owner: RawSql;
before(async () => {
  database = await testDatabase();
  owner = openSql(database.url('owner'), { application: 'test', max: 1 });
});
after(async () => {
  await owner.end();
  await database.drop();
});

const epoch = async () => (await owner<{ epoch: number }[]>`SELECT log_epoch() AS epoch`)[0]?.epoch;

async function append(tx: string): Promise<number | undefined> {
  const [row] = await owner<{ epoch: number }[]>`
    INSERT INTO events (payment_id, seq, id, merchant_id, tx, trigger, to_state, cause, actor_kind, data, at)
    SELECT gen_random_uuid(), 1, gen_random_uuid(), gen_random_uuid(), ${tx}::text::xid8, 'create', 'initiated', 'test',
      'workload', '{}', '2026-03-01T12:00:00Z'
    RETURNING epoch`;
  return row?.epoch;
}

test('migrating after a restore raises the epoch of the log, and at no other time', async () => {
  await owner`ALTER TABLE events DISABLE TRIGGER events_one_path`;
  assert.equal(await append('5'), 1);
  await migrateDatabase(database.url('owner'), 'florin');
  assert.equal(await epoch(), 1);
  // What a dump of a busier server has brought along.
  await append('900000000000');
  await migrateDatabase(database.url('owner'), 'florin');
  await migrateDatabase(database.url('owner'), 'florin');
  assert.equal(await epoch(), 2);
  assert.equal(await append('6'), 2);
});
