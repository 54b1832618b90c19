import assert from 'node:assert/strict';
import { connect, createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { openDatabase, openSql, type RawSql } from './client.ts';
import { type TestDatabase, testDatabase } from './testing/database.ts';

let database: TestDatabase;
let sql: RawSql;
before(async () => {
  database = await testDatabase();
  sql = openSql(database.url('api'), { application: 'test', max: 1 });
});
after(async () => {
  await sql.end();
  await database.drop();
});

test('arrays come back as they went, whatever is in them', async () => {
  const texts = ['', 'a b', 'a,b', '{x}', '"q"', 'back\\slash', 'NULL', 'ü'];
  const uuids = ['019aa000-0000-7000-8000-000000000001', '019aa000-0000-7000-8000-000000000002'];
  const [row] = await sql`
    SELECT ${texts}::text[] AS texts, ${uuids}::uuid[] AS uuids, ${[1, -2]}::smallint[] AS smallints,
      ${[70_000, 0]}::integer[] AS integers, ${[]}::text[] AS none, ARRAY['a', NULL] AS gap`;
  assert.deepEqual({ ...row }, { texts, uuids, smallints: [1, -2], integers: [70_000, 0], none: [], gap: ['a', null] });
});

test('moments come back as dates, also through Drizzle', async () => {
  const moment = new Date('2026-03-01T12:00:00.123Z');
  const [row] = await sql`SELECT ARRAY[${moment}::timestamptz] AS moments`;
  assert.deepEqual(row?.moments, [moment]);
  const { db, close } = openDatabase({ url: database.url('api'), application: 'test' });
  const [read] = await db.execute<{ texts: string[] }>("SELECT ARRAY['a', 'b'] AS texts").finally(close);
  assert.deepEqual(read?.texts, ['a', 'b']);
});

/** What the driver asks first on a connection of its own, up to the answer to one query. */
async function firstWords(): Promise<string> {
  const url = new URL(database.url('api'));
  // By TCP, where a spy can sit in between.
  url.search = '';
  const [port, host] = [Number(url.port), url.hostname];
  let said = '';
  const spy = createServer((near) => {
    const far = connect(port, host);
    near.on('data', (bytes) => {
      said += bytes.toString('latin1');
    });
    near.pipe(far).pipe(near);
  }).listen(0, '127.0.0.1');
  await new Promise((listening) => spy.once('listening', listening));
  url.host = `127.0.0.1:${(spy.address() as { port: number }).port}`;
  const fresh = openSql(url.toString(), { application: 'test', max: 1 });
  await fresh`SELECT 1`;
  await fresh.end();
  spy.close();
  return said;
}

test('a fresh connection asks for nothing that nobody waits for: a stop at that moment would end the process', async () => {
  const said = await firstWords();
  assert.match(said, /SELECT 1/);
  assert.doesNotMatch(said, /pg_type/);
});
