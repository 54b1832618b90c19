import type { RawSql } from '#db/client.ts';
import type { Book, BookRow } from '#server/ledger/replay.ts';

/** Rows that are written at once. */
const atOnce = 5_000;

/**
 * Makes the books anew in an empty database: its tables `postings` and `balances`.
 *
 * @throws  Where that database has postings already; then nothing is written.
 */
export async function rebuildBooks(sql: RawSql, made: AsyncGenerator<Book>): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`
      CREATE TABLE postings (id uuid PRIMARY KEY, merchant_id uuid NOT NULL, payment_id uuid NOT NULL, seq int NOT NULL,
        kind text NOT NULL, debit text NOT NULL, credit text NOT NULL, amount bigint NOT NULL CHECK (amount > 0),
        currency text NOT NULL, provider text NOT NULL, at timestamptz NOT NULL, reverses uuid REFERENCES postings)`;
    await tx`
      CREATE TABLE balances (merchant_id uuid, provider text, currency text, account text, debits bigint NOT NULL,
        credits bigint NOT NULL, PRIMARY KEY (merchant_id, provider, currency, account))`;
    let waiting: BookRow[] = [];
    for await (const { paymentId, rows, untold } of made) {
      if (untold)
        throw new Error(`event ${untold} of payment ${paymentId} is too old to say in whose books it belongs`);
      waiting.push(...rows);
      if (waiting.length < atOnce) continue;
      await write(tx as unknown as RawSql, waiting);
      waiting = [];
    }
    await write(tx as unknown as RawSql, waiting);
    await tx`CREATE INDEX ON postings (payment_id, seq)`;
    await tx`
      INSERT INTO balances
      SELECT merchant_id, provider, currency, account, sum(debits), sum(credits) FROM (
        SELECT merchant_id, provider, currency, debit AS account, amount AS debits, 0 AS credits FROM postings
        UNION ALL SELECT merchant_id, provider, currency, credit, 0, amount FROM postings) moved
      GROUP BY merchant_id, provider, currency, account`;
  });
}

/** An event posts once of a kind: a posting's id is made of its place, and what it takes back is found by that. */
async function write(tx: RawSql, rows: readonly BookRow[]): Promise<void> {
  await tx`
    INSERT INTO postings (id, merchant_id, payment_id, seq, kind, debit, credit, amount, currency, provider, at, reverses)
    SELECT md5(concat_ws('.', payment_id, seq, kind))::uuid, merchant_id, payment_id, seq, kind, debit, credit, amount,
      currency, provider, at, CASE WHEN reverses IS NOT NULL THEN md5(concat_ws('.', payment_id, reverses))::uuid END
    FROM json_to_recordset(${JSON.stringify(rows)}::text::json) AS r (merchant_id uuid, payment_id uuid, seq int, kind text,
      debit text, credit text, amount bigint, currency text, provider text, at timestamptz, reverses text)`;
}
