import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { RawSql } from '#db/client.ts';
import type { Evidence } from '#simulation/judge/evidence.ts';
import { invariants } from '#simulation/judge/invariants.ts';
import { examine, type Finding } from './examine.ts';
import { cookedBooks, type Line } from './testing/cooked-books.ts';
import type { Healthy } from './testing/corruption.ts';
import { corruptions } from './testing/corruptions.ts';
import { fill } from './testing/healthy.ts';
import { type House, openHouse } from './testing/house.ts';

let house: House;
let healthy: Healthy;
let journals: Evidence['journals'];
before(async () => {
  house = await openHouse();
  healthy = await fill(house);
  journals = await house.books();
});
after(() => house[Symbol.asyncDispose]());

async function examined(sql: RawSql = house.sql, books = journals): Promise<Finding[]> {
  const findings: Finding[] = [];
  const evidence = { sql, journals: books, answers: [], now: house.clock.now() };
  for await (const finding of examine(evidence, {})) findings.push(finding);
  return findings;
}

function broken(findings: Finding[]): Finding[] {
  return findings.filter(({ breaches }) => breaches?.length !== 0);
}

test('of a house in which all is well the doctor has nothing to say', async () => {
  const findings = await examined();
  assert.deepEqual(broken(findings), []);
  assert.ok(findings.length > 40);
});

test('every invariant that the doctor asks has its corruption here', () => {
  const asked = invariants.filter(({ needs }) => needs !== 'answers').map(({ id }) => id);
  assert.deepEqual(new Set([...Object.keys(corruptions), ...Object.keys(cookedBooks)]), new Set(asked));
});

const undo = new Error('undone');

/** What the doctor says of a corruption, which is undone then. */
async function corrupted(corrupt: (sql: RawSql) => PromiseLike<unknown>, books = journals): Promise<Finding[]> {
  let found: Finding[] = [];
  await house.sql
    .begin(async (tx) => {
      const sql = tx as unknown as RawSql;
      await sql`SET LOCAL session_replication_role = replica`;
      await corrupt(sql);
      found = broken(await examined(sql, books));
      throw undo;
    })
    .catch((error) => assert.equal(error, undo));
  return found;
}

function assertNamed(id: string, found: Finding[]): void {
  const says = found
    .flatMap((finding) => (finding.id === id ? (finding.breaches ?? []) : []))
    .map((breach) => breach.says);
  assert.ok(says.length > 0, `${id} is not among ${found.map((finding) => finding.id)}`);
  for (const sentence of says) assert.match(sentence, /\.$/);
}

for (const [id, corrupt] of Object.entries(corruptions)) {
  test(`a corruption made as superuser is named: ${id}`, async () => {
    assertNamed(id, await corrupted((sql) => corrupt(sql, healthy)));
  });
}

for (const [id, cooked] of Object.entries(cookedBooks)) {
  test(`books that do not agree are named: ${id}`, async () => {
    const lines = [...journals].flatMap(([provider, all]) => all.map((line): Line => ({ ...line, provider })));
    const books = 'books' in cooked ? Map.groupBy(cooked.books(lines, healthy), ({ provider }) => provider) : journals;
    assertNamed(
      id,
      await corrupted(async (sql) => 'database' in cooked && (await cooked.database(sql, healthy)), books),
    );
  });
}
