import { examine } from '#deploy/doctor/examine.ts';
import { readBooks } from '#deploy/doctor/read-books.ts';
import type { Bench } from '../case.ts';
import { asAdmin, type CaseDatabase } from './databases.ts';

/** The books of an acquirer that is a process of its own. */
export type Acquirer = Parameters<typeof readBooks>[0][number];

/**
 * Asks what `npm run doctor` asks, of the database that was just measured, as at rest: nothing is under way any more.
 * What is broken fails the run.
 */
export async function examined(
  { say, breaches }: Pick<Bench, 'say' | 'breaches'>,
  database: CaseDatabase,
  acquirers: Acquirer[] = [],
): Promise<void> {
  const began = performance.now();
  const journals = await readBooks(acquirers);
  let held = 0;
  let unseen = 0;
  await asAdmin(database.url('owner'), async (sql) => {
    const evidence = { sql, journals, answers: [], now: new Date() };
    for await (const { id, says, breaches: found } of examine(evidence, {})) {
      if (!found) unseen += 1;
      else if (found.length === 0) held += 1;
      else breaches.push(...found.map((breach) => `${id}: ${says} ${breach.says}`));
    }
  });
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  say(
    `doctor: ${held} invariants hold, ${breaches.length} breaches, ${unseen} need an acquirer's books (${seconds} s)`,
  );
}
