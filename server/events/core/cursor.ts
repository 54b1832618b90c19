import type { RawSql } from '#db/client.ts';
import { beginning, type Place } from '../read.ts';
import type { BusSeams } from '../seams.ts';

/**
 * How far a consumer is, as far as anybody has committed it. A new consumer's cursor is made, at the beginning of the
 * log, and committed for itself: workers that meet at its birth would wait for each other's.
 */
export async function cursorOf({ sql, transact, clock }: BusSeams, consumer: string): Promise<Place> {
  const [row] = await sql<
    CursorRow[]
  >`SELECT epoch, tx, payment_id, seq FROM event_cursors WHERE consumer = ${consumer}`;
  if (row) return placeOf(row);
  const { epoch, tx: first, paymentId, seq } = beginning;
  await transact('events.new-consumer', async (tx) => {
    await tx`
      INSERT INTO event_cursors (consumer, epoch, tx, payment_id, seq, moved_at)
      VALUES (${consumer}, ${epoch}, ${first}::text::xid8, ${paymentId}, ${seq}, ${clock.now()}) ON CONFLICT DO NOTHING`;
  });
  return beginning;
}

/**
 * Takes a consumer's cursor for this transaction: whoever has it alone acts for the consumer.
 *
 * @returns Undefined where another worker has it.
 */
export async function takeCursor(tx: RawSql, consumer: string): Promise<Place | undefined> {
  const [row] = await tx<CursorRow[]>`
    SELECT epoch, tx, payment_id, seq FROM event_cursors WHERE consumer = ${consumer} FOR UPDATE SKIP LOCKED`;
  return row && placeOf(row);
}

export async function moveCursor(tx: RawSql, consumer: string, to: Place, now: Date): Promise<void> {
  await tx`
    UPDATE event_cursors SET epoch = ${to.epoch}, tx = ${to.tx}::text::xid8, payment_id = ${to.paymentId}, seq = ${to.seq},
      moved_at = ${now}
    WHERE consumer = ${consumer}`;
}

interface CursorRow {
  epoch: number;
  tx: string;
  payment_id: string;
  seq: number;
}

function placeOf({ epoch, tx, payment_id: paymentId, seq }: CursorRow): Place {
  return { epoch, tx, paymentId, seq };
}
