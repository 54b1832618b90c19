import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from '#db/client.ts';
import { type TestDatabase, testDatabase } from '#db/testing/database.ts';
import { readId, showId } from '#server/kernel/id.ts';
import { formatMoney } from '#server/kernel/money.ts';
import { triggers } from './judge/guards.ts';
import { invariants } from './judge/invariants.ts';
import { money, shown, uuidOf } from './judge/shown.ts';
import { stepCheck, unmarked } from './judge/step-check.ts';

// What the judge has written down a second time, beside what it was written down from. It is here, outside of its
// folder, because the judge itself sees nothing of the code that it judges.

let database: TestDatabase;
let sql: RawSql;
before(async () => {
  database = await testDatabase();
  sql = openSql(database.url('owner'), { application: 'test', max: 2 });
});
after(async () => {
  await sql.end();
  await database.drop();
});

test('the tables say the same and all guards are in place: a new database breaks nothing', async () => {
  const evidence = { sql, journals: new Map(), answers: [], now: new Date() };
  for (const invariant of invariants) assert.deepEqual(await invariant.check(evidence), [], invariant.id);
  assert.deepEqual((await stepCheck(sql, unmarked)).breaches, []);
});

test('every trigger of the database is one that the judge looks for, but for the one that wakes readers', async () => {
  const rows = await sql<{ name: string }[]>`
    SELECT c.relname || ' ' || t.tgname AS name FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE NOT t.tgisinternal ORDER BY 1`;
  assert.deepEqual(
    rows.map(({ name }) => name).filter((name) => name !== 'events events_wake_readers'),
    [...triggers].sort(),
  );
});

test('ids read the same in both, there and back', () => {
  for (const uuid of ['01a1ff3a-87a6-764b-8c3c-f0d8066a7aed', '00000000-0000-0000-0000-000000000000', 'f'.repeat(8)]) {
    const whole = uuid.length === 8 ? 'ffffffff-ffff-ffff-ffff-ffffffffffff' : uuid;
    for (const kind of ['payment', 'intent', 'refund', 'order'] as const) {
      const text = showId(kind, whole);
      assert.equal(shown(kind, whole), text);
      assert.equal(uuidOf(kind, text), readId(kind, text));
    }
  }
  for (const text of [
    'ch_',
    'pi_0351YhaYDn3QXpr13L1y58',
    'ch_zzzzzzzzzzzzzzzzzzzzzz',
    'ch_0351YhaYDn3QXpr13L1y5!',
    '',
  ]) {
    assert.equal(uuidOf('payment', text), undefined);
  }
});

test('amounts have the decimals of their currency', () => {
  const amounts = [
    [1_250n, 'EUR', '12.50 EUR'],
    [5n, 'EUR', '0.05 EUR'],
    [500n, 'JPY', '500 JPY'],
    [1_500n, 'KWD', '1.500 KWD'],
  ] as const;
  assert.equal(money('-7', 'USD'), '-0.07 USD');
  for (const [minor, currency, text] of amounts) {
    assert.equal(money(String(minor), currency), text);
    const digits = formatMoney({ amount: minor, currency }).replace(/[^0-9]/g, '');
    assert.equal(text.replace(/[^0-9]/g, ''), digits);
  }
});

test('each invariant has a number and a letter of its own, and is one sentence', () => {
  assert.equal(new Set(invariants.map(({ id }) => id)).size, invariants.length);
  for (const { id, says } of invariants) {
    assert.match(id, /^I([1-9]|1[0-6])[a-z]$/);
    assert.match(says, /^[A-Z][^.]*\.$/);
  }
});
