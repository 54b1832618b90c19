import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import postgres from 'postgres';
import type { Ready } from '#deploy/local/ready.ts';
import type { TypedCard } from './shopper.ts';

/** A place that card data must never reach, and its text. */
export interface Sink {
  place: string;
  text: string;
}

/** How a typed value may be written: as it is, in groups, encoded for a URL, in hex, in base64 at any alignment. */
export function spellings(digits: string): string[] {
  const groups = digits.match(/.{1,4}/g) ?? [];
  const plain = [
    digits,
    groups.join(' '),
    groups.join('-'),
    groups.join('+'),
    groups.join('%20'),
    [...digits].join(' '),
  ];
  const hex = plain.slice(0, 3).map((text) => Buffer.from(text).toString('hex'));
  return [
    ...new Set([...plain, ...hex, ...hex.map((text) => text.toUpperCase()), ...plain.slice(0, 3).flatMap(inBase64)]),
  ];
}

/** The part of a base64 text that does not depend on what stands before and after. */
function inBase64(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.from(`${' '.repeat(shift)}${text}`)
      .toString('base64')
      .replace(/=+$/, '');
    return encoded.slice(shift === 0 ? 0 : shift + 1, text.length % 3 === (3 - shift) % 3 ? undefined : -1);
  });
}

/** Where the card's number or its verification code stands, in any spelling. */
export function leaks(sinks: Sink[], card: TypedCard): string[] {
  const number = spellings(card.number);
  // Three or four digits stand in many a number by chance. As a value they stand in quotes, after an equals sign, or
  // after the name of what they are.
  const code = new RegExp(`(?:["'=]|cvc\\W{0,5}|code\\W{0,5})${card.cvc}(?:["'&]|$|\\s)`, 'im');
  const encodedCode = [Buffer.from(`"${card.cvc}"`).toString('hex'), Buffer.from(`"${card.cvc}"`).toString('base64')];
  return sinks.flatMap(({ place, text }) => {
    const found = number.filter((spelling) => text.includes(spelling)).map((spelling) => `number as ${spelling}`);
    if (code.test(text) || encodedCode.some((spelling) => text.includes(spelling))) found.push('verification code');
    return found.map((what) => `${place}: ${what}`);
  });
}

/** Every log, every trace, and every row of both databases, as they are now. */
export async function sinksOf(ready: Ready): Promise<Sink[]> {
  return [
    ...files(ready, 'logs'),
    ...files(ready, 'traces'),
    ...(await rows(ready, 'florin')),
    ...(await rows(ready, 'florin_vault')),
  ];
}

function files({ folder }: Ready, name: 'logs' | 'traces'): Sink[] {
  return readdirSync(join(folder, name)).map((file) => ({
    place: `${name}/${file}`,
    text: readFileSync(join(folder, name, file), 'utf8'),
  }));
}

async function rows(ready: Ready, database: string): Promise<Sink[]> {
  const sql = asSuperuser(ready, database);
  try {
    const tables = await sql<{ name: string }[]>`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'`;
    return await Promise.all(
      tables.map(async ({ name }) => {
        const lines = await sql<{ line: string }[]>`SELECT to_json(t)::text AS line FROM ${sql(name)} t`;
        // PostgreSQL counts its transactions in quotes, and sooner or later counts past any code.
        const text = lines.map(({ line }) => line.replace(/"tx":"\d+"/, '')).join('\n');
        return { place: `${database}.${name}`, text };
      }),
    );
  } finally {
    await sql.end();
  }
}

/** The one who may read everything. */
export function asSuperuser({ folder, urls }: Ready, database: string): postgres.Sql {
  const { postgresPassword } = JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8'));
  const port = Number(new URL(urls.web).port) + 6;
  return postgres({
    host: '127.0.0.1',
    port,
    database,
    user: 'postgres',
    password: postgresPassword,
    max: 1,
    onnotice: () => {},
  });
}
