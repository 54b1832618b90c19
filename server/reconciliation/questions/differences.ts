import type { RawSql } from '#db/client.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { lineOf } from './lines.ts';
import { type Sight, seenBy } from './sight.ts';
import { bankLineAt } from './statements.ts';
import type { DifferenceFilter, DifferenceRow, DifferenceView, Note, Page } from './view.ts';

export interface DifferencesInput {
  filter: DifferenceFilter;
  /** The last id of the page before. */
  after?: string;
  limit: number;
}

type Stored = Omit<DifferenceRow, 'assignedTo'> & { assignedTo: string | null; assignedToName: string | null };

interface StoredWhole extends Stored {
  operationId: string | null;
  proposedReason: string | null;
  proposedOperationId: string | null;
  proposedBy: string | null;
  proposedByName: string | null;
  proposedAt: Date | null;
  reason: string | null;
  endedByName: string | null;
}

/** A page of the queue: what is open from the oldest on, what has ended from the latest on. */
export async function listDifferences(
  sql: RawSql,
  sight: Sight,
  { filter, after, limit }: DifferencesInput,
): Promise<Page<DifferenceRow>> {
  const ended = filter.state === 'ended';
  const last = sql`(SELECT l.opened_at, l.id FROM discrepancies l WHERE l.id = ${after ?? null})`;
  const further = ended ? sql`AND (opened_at, id) < ${last}` : sql`AND (opened_at, id) > ${last}`;
  const rows = await sql<Stored[]>`
    SELECT ${columns(sql)} FROM discrepancies
    WHERE ${seenBy(sql, sight)} AND ${matches(sql, filter)} ${after ? further : sql``}
    ORDER BY ${ended ? sql`opened_at DESC, id DESC` : sql`opened_at, id`} LIMIT ${limit + 1}`;
  const page = rows.slice(0, limit);
  return { rows: page.map(shown), next: rows.length > limit ? (page.at(-1)?.id ?? null) : null };
}

/** What of one file or payment, or of all, is open: how many, and how much by currency, the largest first. */
export async function openTotals(sql: RawSql, sight: Sight) {
  return sql<{ currency: DifferenceRow['currency']; count: number; amount: bigint; oldest: Date }[]>`
    SELECT currency, count(*)::int AS count, min(opened_at) AS oldest,
      sum(CASE WHEN ours IS NULL OR theirs IS NULL THEN coalesce(ours, theirs, 0)
        ELSE abs(ours - theirs) END)::bigint AS amount
    FROM discrepancies WHERE ended_at IS NULL AND ${seenBy(sql, sight)}
    GROUP BY currency ORDER BY amount DESC, currency LIMIT 60`;
}

/** @throws Refusal `not_found`. */
export async function differenceById(sql: RawSql, sight: Sight, id: string): Promise<DifferenceView> {
  const [row] = await sql<StoredWhole[]>`
    SELECT ${columns(sql)}, operation_id AS "operationId", proposed_reason AS "proposedReason",
      proposed_operation_id AS "proposedOperationId", proposed_by AS "proposedBy",
      proposed_by_name AS "proposedByName", proposed_at AS "proposedAt", reason, ended_by_name AS "endedByName"
    FROM discrepancies WHERE id = ${id} AND ${seenBy(sql, sight)}`;
  if (!row) throw new Refusal('not_found', 'No such difference.');
  const at = row.fileId !== null && row.line !== null ? { fileId: row.fileId, line: row.line } : null;
  // A payout that has not come stands at the line of the file that told of it.
  const isEntry = row.leg === 'bank' && row.kind !== 'missing_at_provider';
  const [notes, settled, booked] = await Promise.all([
    notesOf(sql, id),
    // A difference may be the reader's although its line was found to be nobody's, or somebody else's.
    at && !isEntry ? lineOf(sql, sight, at).catch(noneOf) : null,
    at && isEntry ? bankLineAt(sql, sight, { statementId: at.fileId, line: at.line }) : null,
  ]);
  return {
    ...shown(row),
    operationId: row.operationId,
    proposal: proposalOf(row),
    end: endOf(row),
    notes,
    settled,
    booked,
  };
}

function noneOf(error: unknown): null {
  if (error instanceof Refusal && error.code === 'not_found') return null;
  throw error;
}

function notesOf(sql: RawSql, id: string) {
  return sql<Note[]>`
    SELECT id, at, staff_name AS "by", text FROM discrepancy_notes WHERE discrepancy_id = ${id} ORDER BY id LIMIT 200`;
}

function columns(sql: RawSql) {
  return sql`id, leg, kind, provider, file_id AS "fileId", line, payment_id AS "paymentId", ours, theirs, currency,
    cause, opened_at AS "openedAt", assigned_to AS "assignedTo", assigned_to_name AS "assignedToName", proposed, ended,
    ended_at AS "endedAt"`;
}

function matches(sql: RawSql, { kind, provider, assignedTo, state, fileId, paymentId }: DifferenceFilter) {
  return sql`ended_at IS ${state === 'ended' ? sql`NOT NULL` : sql`NULL`}
    ${state === 'waiting' ? sql`AND proposed IS NOT NULL` : sql``}
    ${kind ? sql`AND kind = ${kind}` : sql``}
    ${provider ? sql`AND provider = ${provider}` : sql``}
    ${assignedTo ? sql`AND assigned_to = ${assignedTo}` : sql``}
    ${fileId ? sql`AND file_id = ${fileId}` : sql``}
    ${paymentId ? sql`AND payment_id = ${paymentId}` : sql``}`;
}

function shown(row: Stored): DifferenceRow {
  const { id, leg, kind, provider, fileId, line, paymentId, ours, theirs, currency, cause, openedAt } = row;
  const { assignedTo: staffId, assignedToName: name, proposed, ended, endedAt } = row;
  const assignedTo = staffId === null ? null : { staffId, name: name ?? '' };
  return {
    id,
    leg,
    kind,
    provider,
    fileId,
    line,
    paymentId,
    ours,
    theirs,
    currency,
    cause,
    openedAt,
    assignedTo,
    proposed,
    ended,
    endedAt,
  };
}

function proposalOf(row: StoredWhole): DifferenceView['proposal'] {
  const {
    proposed: to,
    proposedBy: staffId,
    proposedByName,
    proposedReason,
    proposedAt: at,
    proposedOperationId,
  } = row;
  if (!to || !staffId || !at) return null;
  const by = { staffId, name: proposedByName ?? '' };
  return { to, reason: proposedReason ?? '', operationId: proposedOperationId, by, at };
}

function endOf({ ended: how, endedAt: at, endedByName: by, reason }: StoredWhole): DifferenceView['end'] {
  return how && at ? { how, at, by, reason } : null;
}
