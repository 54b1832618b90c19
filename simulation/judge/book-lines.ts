import type { Evidence, Fragment, JournalLine } from './evidence.ts';
import { uuidOf } from './shown.ts';

type Journals = Evidence['journals'];

interface Written {
  /** How many lines there were: books are only ever added to. */
  lines: number;
  only: readonly string[] | undefined;
  text: string;
}

/** One rest is judged by several invariants: the books are written out for the first of them. */
const written = new WeakMap<Journals, Written>();

/** The acquirers' lines as a table that a query can join, as `b`; those of `only` these payments where it is given. */
export function bookLines({ sql, journals }: Evidence, only: readonly string[] | undefined): Fragment {
  return sql`json_to_recordset(${textOf(journals, only)}::text::json) AS b (provider text, at timestamptz, kind text,
    id text, key text, auth text, amount bigint, currency text, origin text, payment uuid, operation uuid)`;
}

function textOf(journals: Journals, only: readonly string[] | undefined): string {
  const lines = [...journals.values()].reduce((sum, { length }) => sum + length, 0);
  const known = written.get(journals);
  if (known?.lines === lines && known.only === only) return known.text;
  const wanted = only && new Set(only);
  const rows = [...journals].flatMap(([provider, books]) => books.map((line) => row(provider, line)));
  const text = JSON.stringify(wanted ? rows.filter(({ payment }) => wanted.has(payment ?? '')) : rows);
  written.set(journals, { lines, only, text });
  return text;
}

/** Our key is the operation's id and its step. */
const ourKey = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-\d{1,3}$/;

function row(provider: string, { at, kind, id, key, authorization, amount, currency, origin, reference }: JournalLine) {
  const operation = ourKey.exec(key)?.[1] ?? null;
  const payment = uuidOf('payment', reference) ?? null;
  return { provider, at, kind, id, key, auth: authorization, amount, currency, origin, payment, operation };
}
