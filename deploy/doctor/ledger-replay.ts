import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { finished } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { openSql, type RawSql } from '#db/client.ts';
import { readBooks, readLog } from '#server/ledger/read-books.ts';
import { type Book, type LoggedRow, replayAll } from '#server/ledger/replay.ts';
import { type Verified, verify } from '#server/ledger/verify.ts';
import { findProduct, Unseen } from './product.ts';
import { rebuildBooks } from './rebuild-books.ts';

const usage = 'npm run ledger:replay -- [--export <file> | --from <file> [--into <url of an empty database>]]';

const string = { type: 'string' } as const;

/**
 * `npm run ledger:replay`: makes postings and balances from the event log alone and compares them with the books.
 * `--export` writes the log to a file, a line of JSON for each event. `--from` reads it from there; with `--into` the
 * books are made in an empty database, and what stands there is compared. Changes nothing here. Ends with 1 where the
 * books differ.
 */
async function main(args: readonly string[]): Promise<Verified> {
  const { values } = parseArgs({
    args: [...args],
    options: { export: string, from: string, into: string },
  });
  if (values.into && !values.from) throw new Unseen(usage);
  const { database } = await findProduct(process.env);
  const sql = openSql(database, { application: 'florin ledger replay', max: 1 });
  try {
    return await inOneState(sql, (tx) => {
      if (values.export) return exportLog(tx, values.export);
      if (!values.from) return verify(tx, replayAll(readLog(tx)));
      const made = replayAll(readFile(values.from));
      return values.into ? verifyInto(tx, values.into, made) : verify(tx, made);
    });
  } finally {
    await sql.end({ timeout: 5 });
  }
}

/** Reads only, and sees one state of log and books however long it takes. */
async function inOneState<T>(sql: RawSql, fn: (tx: RawSql) => Promise<T>): Promise<T> {
  const done = await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', async (tx) => {
    await tx`SET LOCAL statement_timeout = 0`;
    return { value: await fn(tx as unknown as RawSql) };
  });
  return (done as { value: T }).value;
}

async function exportLog(tx: RawSql, path: string): Promise<Verified> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let events = 0;
  for await (const event of readLog(tx)) {
    events += 1;
    if (!file.write(`${JSON.stringify(event)}\n`)) await once(file, 'drain');
  }
  file.end();
  await finished(file);
  return { equal: true, words: [`${events} events written to ${path}.`] };
}

async function* readFile(path: string): AsyncGenerator<LoggedRow> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line) yield JSON.parse(line) as LoggedRow;
  }
}

async function verifyInto(tx: RawSql, into: string, made: AsyncGenerator<Book>): Promise<Verified> {
  const empty = openSql(into, { application: 'florin ledger replay', max: 1 });
  try {
    await rebuildBooks(empty, made);
    return await inOneState(empty, (there) => verify(tx, readBooks(there)));
  } finally {
    await empty.end({ timeout: 5 });
  }
}

main(process.argv.slice(2)).then(
  ({ equal, words }) => {
    process.stdout.write(`${words.join('\n')}\n`);
    process.exitCode = equal ? 0 : 1;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Unseen ? error.message : `Nothing was compared: ${error}`}\n`);
    process.exitCode = 2;
  },
);
