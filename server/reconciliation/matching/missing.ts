import type { RawSql } from '#db/client.ts';
import type { Books } from '../room.ts';
import { type NewDifference, writeDifferences } from './differences.ts';
import type { File } from './file.ts';
import { patienceOf, type Rule } from './rules.ts';

const day = 86_400_000;
/** Operations that are looked at in one transaction. */
const slice = 50_000;
/** An operation is found by the time in its id, when it was opened: it may have waited so long for its answer. */
const longestOpen = 3 * day;

/** Operations accepted at these times should have had their line: `from` ≤ time < `to`. */
export interface Due {
  from: Date;
  to: Date;
}

/**
 * What a file makes due: whatever was accepted so many days before its own day, and after what the file before it has
 * made due. Nothing is, of days before the first file.
 */
export async function dueBy(sql: RawSql, file: File, rules: readonly Rule[]): Promise<Due> {
  const patience = patienceOf(rules) * day;
  const [row] = await sql<{ first: Date; before: Date | null }[]>`
    SELECT min(day)::timestamp AT TIME ZONE 'UTC' AS first,
      (max(day) FILTER (WHERE day < ${file.day}::date AND status IN ('matched', 'posted')) + 1)::timestamp
        AT TIME ZONE 'UTC' AS before
    FROM settlement_files WHERE provider = ${file.provider}`;
  const to = new Date(Date.parse(`${file.day}T00:00:00Z`) + day - patience);
  const first = row?.first ?? to;
  const from = row?.before ? new Date(row.before.getTime() - patience) : first;
  return { from: from < first ? first : from, to };
}

interface Missing {
  operationId: string;
  paymentId: string;
  merchantId: string;
  amount: bigint;
  currency: string;
  /** Whether there is a file of its day at all. */
  hasFile: boolean;
}

/** Captures and refunds of ours that are due and that no line of any file has named. */
export async function findMissing(room: Books, file: File, due: Due): Promise<void> {
  if (due.from >= due.to) return;
  const last = firstIdAt(due.to);
  let after = firstIdAt(new Date(due.from.getTime() - longestOpen));
  while (after < last) {
    const from = after;
    after = await room.transact('reconciliation.missing', (tx) => missingIn(tx, room, { file, due, from, last }));
  }
}

/** Returns where to go on. */
async function missingIn(
  tx: RawSql,
  room: Books,
  { file, due, from, last }: { file: File; due: Due; from: string; last: string },
): Promise<string> {
  const [end] = await tx<{ id: string }[]>`
    SELECT id FROM operations WHERE id >= ${from} AND id < ${last} ORDER BY id OFFSET ${slice} LIMIT 1`;
  const to = end?.id ?? last;
  const rows = await tx<Missing[]>`
    SELECT o.id AS "operationId", o.payment_id AS "paymentId", o.merchant_id AS "merchantId", o.amount, o.currency,
      EXISTS (SELECT FROM settlement_files f
        WHERE f.provider = o.provider AND f.day = (o.closed_at AT TIME ZONE 'UTC')::date) AS "hasFile"
    FROM operations o
    WHERE o.id >= ${from} AND o.id < ${to} AND o.provider = ${file.provider} AND o.kind IN ('capture', 'refund')
      AND o.status = 'accepted' AND o.closed_at >= ${due.from} AND o.closed_at < ${due.to}
      AND (SELECT l.line FROM settlement_lines l WHERE l.operation_id = o.id AND l.kind = o.kind LIMIT 1) IS NULL
      AND (SELECT d.id FROM discrepancies d WHERE d.payment_id = o.payment_id AND d.operation_id = o.id
        AND d.kind = 'missing_at_provider' LIMIT 1) IS NULL
    ORDER BY o.id`;
  const found = rows.map(({ hasFile, amount, ...of }): NewDifference => {
    const cause = hasFile ? 'not_settled_yet' : 'file_missing';
    const { provider } = file;
    return {
      ...of,
      ...{ leg: 'settlement', kind: 'missing_at_provider', cause, provider, at: null, ours: amount, theirs: null },
    };
  });
  await writeDifferences(tx, room, found);
  return to;
}

/** The least uuid of that millisecond. */
function firstIdAt(time: Date): string {
  const hex = time.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`;
}

/** What was missing and has come is over, by nobody's doing. */
export async function endWhatHasCome(tx: RawSql, file: File, now: Date): Promise<void> {
  await tx`
    UPDATE discrepancies d SET ended = 'resolved', ended_at = ${now},
      reason = ${`The line has come, in ${file.name}.`}
    WHERE d.kind = 'missing_at_provider' AND d.ended_at IS NULL AND d.provider = ${file.provider}
      AND (SELECT l.line FROM settlement_lines l
        WHERE l.operation_id = d.operation_id AND l.kind IN ('capture', 'refund') LIMIT 1) IS NOT NULL`;
}
