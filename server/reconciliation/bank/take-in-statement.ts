import { Refusal } from '#server/kernel/refusal.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { IntakeRoom, TakenIn } from '../intake/take-in.ts';
import { readCamt } from './read-camt.ts';
import { readBankCsv } from './read-csv.ts';
import type { StatementEntry } from './statement-entry.ts';

export interface TakeInStatementInput {
  /** 1 to 200 characters. */
  name: string;
  content: Buffer | AsyncIterable<Buffer> | Iterable<Buffer>;
  /** Who uploaded it. */
  staffId?: string;
}

/** Bytes, and entries: what is written in well under a second. */
const limits = { bytes: 8_388_608, entries: 20_000 };

/**
 * Stores a bank's statement, CSV or camt.053, with its entries, once.
 *
 * @throws Refusal `invalid_input` where any of it cannot be read, `too_large` above 8 MiB or 20,000 entries. Nothing is
 *         stored then.
 */
export async function takeInStatement(room: IntakeRoom, input: TakeInStatementInput): Promise<TakenIn> {
  const { name } = input;
  if (name.length < 1 || name.length > 200 || name.includes('\0')) {
    throw new Refusal('invalid_input', 'A file has a name of 1 to 200 characters.', { param: 'name' });
  }
  const content = await wholeOf(input.content);
  // XML begins with an angle bracket, after a byte order mark perhaps.
  const format = /^\ufeff?\s*</.test(content.subarray(0, 256).toString()) ? 'camt' : 'csv';
  const entries = format === 'camt' ? readCamt(content) : readBankCsv(content);
  if (entries.length > limits.entries) throw tooLarge(`A statement has at most ${limits.entries} entries.`);
  return store(room, { ...input, content, format, entries });
}

interface Readied extends TakeInStatementInput {
  content: Buffer;
  format: 'csv' | 'camt';
  entries: readonly StatementEntry[];
}

async function store(room: IntakeRoom, { name, staffId, content, format, entries }: Readied): Promise<TakenIn> {
  const [id, digest, at] = [room.ids(), sha256(content), room.clock.now()];
  const column = <T>(value: (entry: StatementEntry) => T) => entries.map(value);
  const stored = await room.transact(
    'reconciliation.statement',
    (tx) => tx`
      WITH statement AS (
        INSERT INTO bank_statements (id, name, format, staff_id, digest, content, received_at, lines)
        VALUES (${id}, ${name}, ${format}, ${staffId ?? null}, ${digest}, ${content}, ${at}, ${entries.length})
        ON CONFLICT (digest) DO NOTHING RETURNING id
      ), entries AS (
        INSERT INTO bank_lines (statement_id, line, booked_on, amount, currency, remittance, raw)
        SELECT s.id, e.line, e.booked_on::date, e.amount::bigint, e.currency, e.remittance, e.raw
        FROM statement s, unnest(${column(({ line }) => line)}::int[], ${column(({ bookedOn }) => bookedOn)}::text[],
          ${column(({ amount }) => String(amount))}::text[], ${column(({ currency }) => currency)}::text[],
          ${column(({ remittance }) => remittance)}::text[], ${column(({ raw }) => raw)}::text[])
          AS e (line, booked_on, amount, currency, remittance, raw)
      )
      SELECT id FROM statement`,
    { writesOnce: true },
  );
  if (stored.length > 0) return { id, isNew: true };
  const [known] = await room.sql<{ id: string }[]>`SELECT id FROM bank_statements WHERE digest = ${digest}`;
  return { id: known?.id ?? id, isNew: false };
}

async function wholeOf(content: TakeInStatementInput['content']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of Buffer.isBuffer(content) ? [content] : content) {
    size += chunk.length;
    if (size > limits.bytes) throw tooLarge(`A statement has at most ${limits.bytes / 1_048_576} MiB.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(message: string): Refusal {
  return new Refusal('too_large', message, { param: 'file' });
}
