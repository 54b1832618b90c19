import type { lineKinds } from '#db/schema/reconciliation-files.ts';
import type { BadLine, ReadLine } from '#server/providers/settlement.ts';
import type { IntakeRoom } from './take-in.ts';

/** What of a file stands in its tables. */
export interface ReadSoFar {
  lines: number;
  quarantined: number;
}

export interface LinesToWrite {
  fileId: string;
  provider: string;
  /** What stood there when these lines were read. */
  before: ReadSoFar;
  good: readonly ReadLine[];
  bad: readonly BadLine[];
  isLast: boolean;
}

/** The table's words are the reader's. */
const kindOf = ({ kind }: ReadLine): (typeof lineKinds)[number] => kind;

/** Writes a chunk, if what stands there is still what it follows. @returns whether it was. */
export async function writeLines(room: IntakeRoom, chunk: LinesToWrite): Promise<boolean> {
  const { fileId, provider, before, good, bad, isLast } = chunk;
  const column = <T>(value: (line: ReadLine) => T) => good.map(value);
  const at = room.clock.now();
  const written = await room.transact(
    'reconciliation.read',
    (tx) => tx`
      WITH claimed AS (
        UPDATE settlement_files SET lines = lines + ${good.length}, quarantined = quarantined + ${bad.length},
          status = ${isLast ? 'read' : 'stored'}, read_at = ${isLast ? at : null}
        WHERE id = ${fileId} AND status = 'stored' AND lines = ${before.lines} AND quarantined = ${before.quarantined}
        RETURNING id
      ), read AS (
        INSERT INTO settlement_lines (file_id, line, provider, kind, ref, capture_ref, key, reference, amount, fee, net,
          currency, occurred_at, payout_ref, raw)
        SELECT c.id, l.line, ${provider}, l.kind, l.ref, l.capture_ref, l.key, l.reference, l.amount::bigint,
          l.fee::bigint, l.net::bigint, l.currency, l.occurred_at::timestamptz, l.payout_ref, l.raw
        FROM claimed c, unnest(${column(({ line }) => line)}::int[], ${column(kindOf)}::text[],
          ${column(({ ref }) => ref)}::text[], ${column(({ captureRef }) => captureRef)}::text[],
          ${column(({ key }) => key)}::text[], ${column(({ reference }) => reference)}::text[],
          ${column(({ amount }) => String(amount))}::text[], ${column(({ fee }) => String(fee))}::text[],
          ${column(({ net }) => String(net))}::text[], ${column(({ currency }) => currency)}::text[],
          ${column(({ occurredAt }) => occurredAt.toISOString())}::text[],
          ${column(({ payoutRef }) => payoutRef)}::text[], ${column(({ raw }) => raw)}::text[])
          AS l (line, kind, ref, capture_ref, key, reference, amount, fee, net, currency, occurred_at, payout_ref, raw)
      ), quarantined AS (
        INSERT INTO quarantined_lines (file_id, line, raw, reason)
        SELECT c.id, l.line, l.raw, l.reason
        FROM claimed c, unnest(${bad.map(({ line }) => line)}::int[], ${bad.map(({ raw }) => raw)}::text[],
          ${bad.map(({ reason }) => reason)}::text[]) AS l (line, raw, reason)
      )
      SELECT id FROM claimed`,
    { writesOnce: true },
  );
  return written.length > 0;
}
