import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { CaseDatabase } from '../house/databases.ts';
import type { Merchant } from '../house/merchants.ts';
import { valuesOf } from './lives.ts';
import { life } from './statements.ts';

const run = promisify(execFile);

/** Names of the values that PostgreSQL draws for each life; all others stay as they are. */
const drawn = /^(intent|payment|authorize|capture|verdict|event\d|posting\d|key\d)$/;

/** A second witness, where it is installed: PostgreSQL's own benchmark program, with the same statements. */
export interface Pgbench {
  /** Lives per second. @throws Error with what it said. */
  measure(seconds: number, connections: number): Promise<number>;
}

/** Undefined where there is no pgbench. */
export async function findPgbench(
  folder: string,
  database: CaseDatabase,
  merchant: Merchant,
): Promise<Pgbench | undefined> {
  const there = await run('pgbench', ['--version']).catch(() => undefined);
  if (!there) return undefined;
  const file = join(folder, 'life.sql');
  await writeFile(file, scriptOf(merchant));
  return {
    async measure(seconds, connections) {
      const clients = String(connections);
      const args = ['-n', '-M', 'prepared', '-c', clients, '-j', '1', '-T', String(Math.ceil(seconds)), '-f', file];
      const { stdout } = await run('pgbench', [...args, database.url('owner')]);
      const perSecond = Number(/^tps = ([\d.]+)/m.exec(stdout)?.[1]);
      if (!(perSecond > 0)) throw new Error(`pgbench said:\n${stdout}`);
      return perSecond;
    },
  };
}

/**
 * One transaction of pgbench's is one life. Ids are drawn by one question, which a program in any language would draw
 * by itself: it costs a way to the server, and writes nothing.
 */
function scriptOf(merchant: Merchant): string {
  const values = valuesOf(merchant);
  const names = Object.keys(values).filter((name) => drawn.test(name));
  // An id with dashes in a variable is text; its own casts make it an id again.
  const draw = names.map((name) => `uuidv7() AS ${name}`);
  const refs = ["'auth_' || gen_random_uuid() AS authref", "'cap_' || gen_random_uuid() AS capref", 'now() AS at'];
  const fixed = Object.entries(values).filter(([name]) => !drawn.test(name) && !/ref$/.test(name));
  const text = life.map((statement) => withTexts(statement.text, Object.fromEntries(fixed)));
  return [`SELECT ${[...draw, ...refs].join(', ')} \\gset`, ...text.map((one) => `${one.trim()};`), ''].join('\n');
}

/** What does not differ from life to life stands in the statement, as text: pgbench has no such variables. */
function withTexts(text: string, values: Record<string, string>): string {
  return text
    .replaceAll(/(?<!:):([a-z]\w*)/g, (whole, name: string) => {
      const value = values[name];
      return value === undefined ? whole : `'${value.replaceAll("'", "''")}'`;
    })
    .replaceAll(/\s*\n\s*/g, ' ');
}
