import { openSql } from '#db/client.ts';
import { makeTransact } from '#db/transaction.ts';
import { readModels } from '#server/composition/consumers.ts';
import { rebuild } from '#server/events/rebuild.ts';
import { systemClock } from '#server/kernel/clock.ts';
import { BadSettings, readEnv, secretUrl } from '#server/kernel/env.ts';

/**
 * `npm run replay -- "payment rows"`: makes a read model again from the beginning of the event log, while everybody
 * goes on reading and keeping the old one.
 */
async function main(name: string | undefined): Promise<string> {
  const { FLORIN_ADMIN_DATABASE_URL } = readEnv({
    FLORIN_ADMIN_DATABASE_URL: { read: secretUrl, purpose: 'the URL of the role that owns the tables' },
  });
  const model = readModels.find((one) => one.name === name);
  if (!model) throw new BadSettings(`Say which: ${readModels.map((one) => `"${one.name}"`).join(' or ')}.`);
  const url = new URL(FLORIN_ADMIN_DATABASE_URL.reveal());
  url.pathname = '/florin';
  const sql = openSql(url.toString(), { application: 'florin replay', max: 2 });
  try {
    const count = await rebuild({ sql, transact: makeTransact(sql), clock: systemClock }, model);
    return `${model.name}: made again from ${count} events.`;
  } finally {
    await sql.end({ timeout: 5 });
  }
}

main(process.argv[2]).then(
  (done) => void process.stdout.write(`${done}\n`),
  (error: unknown) => {
    process.stderr.write(`${error instanceof BadSettings ? error.message : `Nothing was changed: ${error}`}\n`);
    process.exitCode = 1;
  },
);
