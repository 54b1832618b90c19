import { openSql } from '#db/client.ts';
import { examine, type Finding, unseen } from './examine.ts';
import { findProduct, Unseen } from './product.ts';
import { readBooks } from './read-books.ts';
import { inJson, inWords, isBroken } from './report.ts';

/** Seconds for which nobody must have touched what is judged as if at rest. */
const grace = 60;

/**
 * `npm run doctor`: every invariant on the live database, and its acquirers' books against it. Changes nothing.
 * `--json` for programs, `--at-rest` where nothing is under way. Ends with 1 where one is broken, with 2 where it could
 * not look.
 */
async function main(flags: readonly string[]): Promise<boolean> {
  const unknown = flags.find((flag) => flag !== '--json' && flag !== '--at-rest');
  if (unknown) throw new Unseen(`There is no ${unknown}: say --json, --at-rest, or nothing.`);
  const report = flags.includes('--json') ? inJson : inWords;
  const atRest = flags.includes('--at-rest');
  const { database, acquirers } = await findProduct(process.env);
  const at = new Date();
  // Before the database: what happens at an acquirer in between is then missing here and nowhere else.
  const journals = await readBooks(acquirers);
  const sql = openSql(database, { application: 'florin doctor', max: 1 });
  try {
    await sql`SELECT set_config('default_transaction_read_only', 'on', false),
      set_config('statement_timeout', '120s', false)`.catch((error) => Promise.reject(unseen(error)));
    const { host, pathname } = new URL(database);
    const names = acquirers.map(({ name }) => name);
    const looked = { at, database: `${host}${pathname}`, acquirers: names, grace: atRest ? undefined : grace };
    process.stdout.write(report.begin(looked));
    const scope = atRest ? {} : { quietSince: new Date(at.getTime() - grace * 1000) };
    const findings: Finding[] = [];
    for await (const finding of examine({ sql, journals, answers: [], now: at }, scope)) {
      findings.push(finding);
      process.stdout.write(report.line(finding));
    }
    process.stdout.write(report.end(findings));
    return !isBroken(findings);
  } finally {
    await sql.end({ timeout: 5 });
  }
}

main(process.argv.slice(2)).then(
  (well) => {
    process.exitCode = well ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Unseen ? error.message : (error as Error).stack}\n`);
    process.exitCode = 2;
  },
);
