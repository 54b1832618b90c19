import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from './client.ts';
import * as events from './schema/events.ts';
import * as ledger from './schema/ledger.ts';
import * as payments from './schema/payments.ts';
import { bodyOf, type Law, lawInDdl } from './schema/words.ts';
import { type TestDatabase, testDatabase } from './testing/database.ts';

const laws = [...Object.values(events), ...Object.values(ledger), ...Object.values(payments)].filter(isLaw);

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

function isLaw(one: unknown): one is Law {
  return typeof one === 'object' && one !== null && 'says' in one;
}

for (const law of laws) {
  test(`${law.name} says in the database what the schema says`, async () => {
    const [made] = await owner<{ takes: string; body: string }[]>`
      SELECT pg_get_function_arguments(oid) AS takes, prosrc AS body FROM pg_proc WHERE proname = ${law.name}`;
    assert.equal(made?.body, bodyOf(law), `a migration has to write it:\n${lawInDdl(law)}`);
    assert.equal(made?.takes.replaceAll('integer', 'int'), law.takes);
  });
}

test('each law stands behind a CHECK, and no CHECK asks a function that is no law', async () => {
  const behind = await owner<{ name: string }[]>`
    SELECT DISTINCT f.proname::text AS name FROM pg_depend d
    JOIN pg_constraint k ON d.classid = 'pg_constraint'::regclass AND d.objid = k.oid AND k.contype = 'c'
    JOIN pg_proc f ON d.refclassid = 'pg_proc'::regclass AND f.oid = d.refobjid
    WHERE k.convalidated ORDER BY 1`;
  assert.deepEqual(
    behind.map(({ name }) => name),
    laws.map(({ name }) => name).toSorted(),
  );
});
