import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openSql, type RawSql } from './client.ts';
import { grants, processRoles } from './grants.ts';
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

/** Who of our roles holds a right, on a table or on one of its columns. */
async function holders(table: string, right: string, column?: string): Promise<string[]> {
  const roles = Object.keys(grants).sort();
  const rows = await owner<{ role: string }[]>`
    SELECT role FROM unnest(${roles}::text[]) AS role
    WHERE ${
      column === undefined
        ? owner`has_any_column_privilege(role, ${table}, ${right})`
        : owner`has_column_privilege(role, ${table}, ${column}, ${right})`
    }`;
  return rows.map(({ role }) => role);
}

// biome-ignore format: one right per line
const held: [right: string, table: string, by: string[], column?: string][] = [
  ['INSERT', 'checkout_sessions', ['florin_api']],
  ['INSERT', 'checkout_line_items', ['florin_api']],
  ['UPDATE', 'checkout_line_items', []],
  ['UPDATE', 'checkout_sessions', ['florin_web'], 'shopper_email'],
  ['UPDATE', 'checkout_sessions', ['florin_web'], 'attempted_at'],
  ['UPDATE', 'checkout_sessions', ['florin_api', 'florin_web', 'florin_worker'], 'status'],
  ['UPDATE', 'checkout_sessions', [], 'amount'],
  ['INSERT', 'orders', ['florin_api']],
  ['INSERT', 'fulfilments', ['florin_worker']],
  ['INSERT', 'compensations', ['florin_worker']],
  ['UPDATE', 'fulfilments', [], 'approved_seq'],
  ['UPDATE', 'fulfilments', ['florin_worker'], 'closed_at'],
  ['UPDATE', 'order_events', []],
  ['INSERT', 'idempotency_keys', ['florin_api', 'florin_mover', 'florin_web']],
  ['UPDATE', 'idempotency_keys', ['florin_api', 'florin_web'], 'body'],
  ['UPDATE', 'idempotency_keys', [], 'fingerprint'],
  ['SELECT', 'events', ['florin_api', 'florin_mover', 'florin_web', 'florin_worker']],
  ['SELECT', 'postings', ['florin_api', 'florin_mover', 'florin_web', 'florin_worker'], 'id'],
  ['SELECT', 'postings', ['florin_web', 'florin_worker'], 'currency'],
  ['INSERT', 'ledger_snapshots', ['florin_worker']],
  ['SELECT', 'staff', ['florin_web']],
  ['SELECT', 'staff_sessions', ['florin_web']],
  ['SELECT', 'api_keys', ['florin_api']],
  ['UPDATE', 'staff_sessions', [], 'expires_at'],
  ...['intents', 'payments', 'operations', 'events', 'postings', 'risk_verdicts'].map(
    (table): [string, string, string[]] => ['INSERT', table, ['florin_mover']],
  ),
  ...['events', 'postings', 'risk_verdicts'].map((table): [string, string, string[]] => ['UPDATE', table, []]),
];

for (const [right, table, by, column] of held) {
  test(`${right} on ${table}${column ? ` (${column})` : ''} is held by ${by.join(', ') || 'nobody'}`, async () => {
    assert.deepEqual(await holders(table, right, column), by);
  });
}

test('a test database has the rights of the real one: named roles connect, and nobody makes tables', async () => {
  const rows = await owner`
    SELECT role, has_database_privilege(role, current_database(), 'CONNECT') AS connects,
      has_database_privilege(role, current_database(), 'TEMPORARY')
        OR has_schema_privilege(role, 'public', 'CREATE') AS makes
    FROM unnest(${[...processRoles, 'florin_vault']}::text[]) AS role`;
  assert.deepEqual(
    rows.map(({ role, connects, makes }) => [role, connects, makes]),
    [...processRoles.map((role) => [role, true, false]), ['florin_vault', false, false]],
  );
});
