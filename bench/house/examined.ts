import type { RawSql } from '#db/client.ts';
import { examine } from '#deploy/doctor/examine.ts';
import { readBooks } from '#deploy/doctor/read-books.ts';
import type { Bench } from '../case.ts';
import { asAdmin, type CaseDatabase } from './databases.ts';

/** The books of an acquirer that is a process of its own. */
export type Acquirer = Parameters<typeof readBooks>[0][number];

export interface Asking {
  /** Whose books are at hand. */
  acquirers?: Acquirer[];
  /** Where there are millions: only so many payments are looked at, the newest and as many from anywhere. */
  sample?: number;
}

/**
 * Asks what `npm run doctor` asks, of the database that was just measured, as at rest: nothing is under way any more.
 * What is broken fails the run.
 */
export async function examined(
  { say, breaches }: Pick<Bench, 'say' | 'breaches'>,
  database: Pick<CaseDatabase, 'url'>,
  { acquirers = [], sample }: Asking = {},
): Promise<void> {
  const began = performance.now();
  const journals = await readBooks(acquirers);
  let held = 0;
  let unseen = 0;
  await asAdmin(database.url('owner'), async (sql) => {
    const evidence = { sql, journals, answers: [], now: new Date() };
    const scope = sample === undefined ? {} : { payments: await some(sql, sample) };
    for await (const { id, says, breaches: found } of examine(evidence, scope)) {
      if (!found) unseen += 1;
      else if (found.length === 0) held += 1;
      else breaches.push(...found.map((breach) => `${id}: ${says} ${breach.says}`));
    }
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const of = sample === undefined ? '' : ` of at most ${2 * sample} payments`;
  say(`doctor: ${held} invariants hold${of}, ${breaches.length} breaches, ${unseen} need books (${seconds} s)`);
}

async function some(sql: RawSql, sample: number): Promise<string[]> {
  const rows = await sql<{ id: string }[]>`
    (SELECT id FROM payments ORDER BY id DESC LIMIT ${sample})
    UNION (SELECT id FROM payments TABLESAMPLE SYSTEM (1) LIMIT ${sample})`;
  return rows.map(({ id }) => id);
}
