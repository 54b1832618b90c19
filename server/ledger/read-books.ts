import type { RawSql } from '#db/client.ts';
import type { Book, BookRow, LoggedRow } from './replay.ts';

/** Rows that are held in memory at once. */
const atOnce = 5_000;

/** The log by payment, each payment's events in their order, with all that an exported copy needs. */
export function readLog(tx: RawSql): AsyncGenerator<LoggedRow> {
  return fetched<LoggedRow>(
    tx,
    'the_log',
    tx`
    SELECT payment_id, seq, id, merchant_id, epoch, tx::text AS tx, from_state, trigger, to_state, cause, actor_kind,
      actor_id, operation_id, amount::text AS amount, data, to_json(at) AS at
    FROM events ORDER BY payment_id, seq`,
  );
}

/** What stands in the books, by payment. */
export async function* readBooks(tx: RawSql): AsyncGenerator<Book> {
  const rows = fetched<BookRow>(
    tx,
    'the_books',
    tx`
    SELECT x.payment_id, x.seq, x.merchant_id, x.kind, x.debit, x.credit, x.amount::text AS amount, x.currency, x.provider,
      to_json(x.at) AS at, r.seq || '.' || r.kind AS reverses
    FROM postings x LEFT JOIN postings r ON r.id = x.reverses ORDER BY x.payment_id, x.seq`,
  );
  let book: Book | undefined;
  for await (const row of rows) {
    if (book && book.paymentId !== row.payment_id) {
      yield book;
      book = undefined;
    }
    book ??= { paymentId: row.payment_id, rows: [] };
    book.rows.push(row);
  }
  if (book) yield book;
}

/** All rows of a question, some thousands at a time. Two may be read by turns in one transaction. */
async function* fetched<Row>(tx: RawSql, cursor: string, question: ReturnType<RawSql>): AsyncGenerator<Row> {
  await tx`DECLARE ${tx(cursor)} NO SCROLL CURSOR FOR ${question}`;
  for (;;) {
    const rows = await tx.unsafe<(Row & object)[]>(`FETCH ${atOnce} FROM ${cursor}`);
    yield* rows as Row[];
    if (rows.length < atOnce) return;
  }
}
