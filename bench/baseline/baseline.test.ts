import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSql, type RawSql } from '#db/client.ts';
import { testDatabase } from '#db/testing/database.ts';
import { live } from '../cases/life.ts';
import { examined } from '../house/examined.ts';
import { stageOn } from '../house/stage.ts';
import { writeLife } from './lives.ts';

const tables = ['intents', 'payments', 'operations', 'events', 'postings', 'risk_verdicts', 'idempotency_keys'];

/** Ids, times, texts of chance: what differs from one life to the next. What stays must be alike. */
const kept: Record<string, string[]> = {
  intents: ['amount', 'currency', 'capture_method', 'attempts'],
  payments: ['state', 'live', 'version', 'amount', 'authorized', 'captured', 'provider', 'card_brand', 'card_last4'],
  operations: ['kind', 'status', 'provider', 'amount', 'step', 'sends', 'fee', 'is_foreign'],
  events: ['seq', 'from_state', 'trigger', 'to_state', 'cause', 'actor_kind', 'amount'],
  postings: ['seq', 'kind', 'debit', 'credit', 'amount', 'currency', 'provider'],
  risk_verdicts: ['decision', 'score', 'reasons', 'amount', 'currency'],
  idempotency_keys: ['subject_kind', 'status'],
};

interface Written {
  rows: Record<string, unknown[]>;
  /** Of a row as PostgreSQL stores it, by table. */
  bytes: Record<string, number>;
  /** Transactions that wrote an event, an operation or the like, as they are told apart by their rows. */
  commits: number;
}

test('the baseline writes what Florin writes, in as many commits, and the doctor finds nothing', async (t) => {
  const [ours, theirs] = [await testDatabase(), await testDatabase()];
  t.after(() => Promise.all([ours.drop(), theirs.drop()]));
  const stage = await stageOn(ours, 1);
  const sql = openSql(theirs.url('owner'), { application: 'baseline test', max: 1 });
  t.after(() => Promise.all([stage.close(), sql.end()]));
  const owner = openSql(ours.url('owner'), { application: 'baseline test', max: 1 });
  t.after(() => owner.end());

  await live(stage, 0);
  await writeLife(sql, stage.merchants[0]);
  const [florin, baseline] = [await written(owner), await written(sql)];
  assert.deepEqual(baseline.rows, florin.rows);
  assert.equal(baseline.commits, florin.commits);
  for (const table of tables) {
    const [one = 0, other = 0] = [baseline.bytes[table], florin.bytes[table]];
    assert.ok(Math.abs(one - other) <= 0.1 * other, `${table}: ${one} bytes a row, and ${other} in Florin`);
  }

  const breaches: string[] = [];
  await examined({ say: () => {}, breaches }, theirs);
  await examined({ say: () => {}, breaches }, ours);
  assert.deepEqual(breaches, []);
});

async function written(sql: RawSql): Promise<Written> {
  const rows: Written['rows'] = {};
  const bytes: Written['bytes'] = {};
  const commits = new Set<string>();
  for (const table of tables) {
    const found = await sql<{ row: Record<string, unknown>; bytes: number; by: string }[]>`
      SELECT to_jsonb(t) AS row, pg_column_size(t.*)::int AS bytes, t.xmin::text AS by FROM ${sql(table)} t`;
    rows[table] = found
      .map(({ row }) => Object.fromEntries((kept[table] ?? []).map((name) => [name, row[name]])))
      .sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
    bytes[table] = found.reduce((sum, one) => sum + one.bytes, 0) / found.length;
    for (const { by } of found) commits.add(by);
  }
  return { rows, bytes, commits: commits.size };
}
