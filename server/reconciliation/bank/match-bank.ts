import type { RawSql } from '#db/client.ts';
import { type NewDifference, writeDifferences } from '../matching/differences.ts';
import type { Books } from '../room.ts';
import {
  daysBetween,
  type Entry,
  type EntryDifference,
  matchPayouts,
  type PaidEntry,
  type Payout,
  window,
} from './match-payouts.ts';

/** Matches statements that wait, the oldest first, at most `limit`. Returns how many. */
export async function matchBank(room: Books, limit: number): Promise<number> {
  const waiting = await room.sql<{ id: string }[]>`
    SELECT id FROM bank_statements WHERE matched_at IS NULL ORDER BY received_at, id LIMIT ${limit}`;
  for (const { id } of waiting) await room.transact('reconciliation.bank', (tx) => matchStatement(tx, room, id));
  return waiting.length;
}

/** The statement is locked: of two workers the second one finds it done. */
async function matchStatement(tx: RawSql, room: Books, statementId: string): Promise<void> {
  const now = room.clock.now();
  const [mine] = await tx`
    UPDATE bank_statements SET matched_at = ${now} WHERE id = ${statementId} AND matched_at IS NULL RETURNING id`;
  if (!mine) return;
  const entries = await tx<Entry[]>`
    SELECT line, booked_on::text AS "bookedOn", amount, currency, remittance FROM bank_lines
    WHERE statement_id = ${statementId} AND amount > 0 ORDER BY line`;
  const [first, last] = [entries.at(0), entries.at(-1)];
  if (!first || !last) return;
  const booked = entries.map(({ bookedOn }) => bookedOn).sort();
  const [from = first.bookedOn, to = last.bookedOn] = [booked.at(0), booked.at(-1)];
  const payouts = await payoutsBetween(tx, from, to);
  const { matched, differences } = matchPayouts(entries, payouts);
  await writeMatches(tx, statementId, matched, now);
  const paid = new Set([...matched.map(({ payout }) => payout), ...payouts.filter(({ taken }) => taken)]);
  const unpaid = payouts.filter((one) => !paid.has(one) && daysBetween(one.paidOn, to) > window);
  await writeDifferences(tx, room, [
    ...differences.map((one) => ofEntry(statementId, one)),
    ...unpaid.map((one) => ofPayout(one)),
  ]);
  await endWhatWasPaid(tx, matched, now);
}

/** Days before a statement of which a payout may still come. */
const longestWay = 30;

function payoutsBetween(tx: RawSql, from: string, to: string): Promise<Payout[]> {
  return tx<Payout[]>`
    SELECT l.file_id AS "fileId", l.line, l.provider, coalesce(l.ref, l.payout_ref) AS ref, l.amount, l.currency,
      (l.occurred_at AT TIME ZONE 'UTC')::date::text AS "paidOn",
      EXISTS (SELECT FROM bank_lines b WHERE b.payout_file_id = l.file_id AND b.payout_line = l.line) AS taken
    FROM settlement_lines l
    WHERE l.kind = 'payout' AND coalesce(l.ref, l.payout_ref) IS NOT NULL AND l.amount > 0
      AND l.occurred_at >= ${from}::date - ${longestWay}::int AND l.occurred_at < ${to}::date + 2
    ORDER BY l.occurred_at, l.file_id, l.line`;
}

async function writeMatches(tx: RawSql, statementId: string, matched: readonly PaidEntry[], now: Date): Promise<void> {
  await tx`
    UPDATE bank_lines b SET payout_file_id = m.file_id, payout_line = m.payout_line, matched_at = ${now}
    FROM unnest(${matched.map(({ entry }) => entry.line)}::int[], ${matched.map(({ payout }) => payout.fileId)}::uuid[],
      ${matched.map(({ payout }) => payout.line)}::int[]) AS m (line, file_id, payout_line)
    WHERE b.statement_id = ${statementId} AND b.line = m.line`;
}

const nobodys = { leg: 'bank', merchantId: null, paymentId: null, operationId: null } as const;

/** Ours is what the provider says, theirs what the bank does. */
function ofEntry(statementId: string, { kind, cause, entry, payout }: EntryDifference): NewDifference {
  return {
    ...nobodys,
    ...{ kind, cause, provider: payout?.provider ?? 'bank', currency: payout?.currency ?? entry.currency },
    ...{ at: { fileId: statementId, line: entry.line }, ours: payout?.amount ?? null, theirs: entry.amount },
  };
}

/** It stands at the line of the file that told of the payout. */
function ofPayout({ fileId, line, provider, amount, currency }: Payout): NewDifference {
  return {
    ...nobodys,
    ...{ kind: 'missing_at_provider', cause: 'not_paid_yet', provider, currency },
    ...{ at: { fileId, line }, ours: amount, theirs: null },
  };
}

async function endWhatWasPaid(tx: RawSql, matched: readonly PaidEntry[], now: Date): Promise<void> {
  await tx`
    UPDATE discrepancies d SET ended = 'resolved', ended_at = ${now}, reason = 'The payout has come to the bank.'
    FROM unnest(${matched.map(({ payout }) => payout.fileId)}::uuid[],
      ${matched.map(({ payout }) => payout.line)}::int[]) AS m (file_id, line)
    WHERE d.leg = 'bank' AND d.kind = 'missing_at_provider' AND d.ended_at IS NULL
      AND d.file_id = m.file_id AND d.line = m.line`;
}
