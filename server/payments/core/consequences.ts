import type { RawSql } from '#db/client.ts';
import { appendEvents } from '#server/events/append.ts';
import { claimKeys } from '#server/idempotency/keys.ts';
import { appendPostings } from '#server/ledger/postings.ts';
import { appendVerdicts } from '#server/risk/append.ts';
import { escalationRecord, operationRecord, touchedRecord } from './records.ts';
import type { BatchRows, Part } from './rows.ts';

/** The parts that a statement has. */
export type Shape = ReadonlySet<Part>;

export const everything: readonly Part[] = [
  'claims',
  'verdicts',
  'postings',
  'touched',
  'operations',
  'escalations',
  'cancels',
  'retries',
];

/**
 * What batches usually carry, the least first, and everything. A part that a statement has costs as much where there is
 * nothing of it, its triggers included. So a batch is written by the first that has all that it carries; and they are
 * few, since each connection plans each of them and keeps the plan.
 */
export function shapes(...usual: readonly (readonly Part[])[]): readonly Shape[] {
  return [[], ...usual, everything].map((parts) => new Set<Part>(parts));
}

export function shapeFor(known: readonly Shape[], { carried }: BatchRows): Shape {
  return known.find((shape) => carried.every((part) => shape.has(part))) ?? new Set(everything);
}

/**
 * What follows from the changes that went through, in the same statement: CTEs behind `done (n)`. An operation is
 * opened after others are closed, or the index that allows one unclosed operation would see both.
 */
export function consequences(sql: RawSql, rows: BatchRows, shape: Shape) {
  const parts = [sql`, logged AS (${appendEvents(sql, rows.events)})`];
  if (shape.has('claims')) parts.push(sql`, claimed AS (${claimKeys(sql, rows.claims)})`);
  if (shape.has('verdicts')) parts.push(sql`, judged AS (${appendVerdicts(sql, rows.verdicts)})`);
  if (shape.has('postings')) parts.push(sql`, posted AS (${appendPostings(sql, rows.postings)})`);
  if (shape.has('touched')) parts.push(sql`, touched AS (${touch(sql, rows.touched)})`);
  if (shape.has('operations')) {
    const after = shape.has('touched') ? sql`WHERE (SELECT count(*) FROM touched) >= 0` : sql``;
    parts.push(sql`, opened AS (${open(sql, rows.operations)} ${after})`);
  }
  if (shape.has('escalations')) parts.push(sql`, escalated AS (${escalate(sql, rows.escalations)})`);
  return parts;
}

const touch = (sql: RawSql, rows: string) => sql`
  UPDATE operations o SET status = r.status, step = r.step, sends = r.sends, sent_at = r.sent_at,
    send_before = r.send_before, closed_at = r.closed_at, provider_ref = r.provider_ref, fee = r.fee, code = r.code,
    message = r.message, challenge_url = r.challenge_url, ask_at = coalesce(r.ask_at, o.ask_at)
  FROM json_to_recordset(${rows}::text::json) AS r ${touchedRecord(sql)} JOIN done USING (n)
  WHERE o.id = r.id RETURNING o.id`;

const open = (sql: RawSql, rows: string) => sql`
  INSERT INTO operations (id, payment_id, merchant_id, kind, status, provider, amount, currency, request, step, sends,
    sent_at, send_before, asked_at, inquiries, ask_at, opened_at, closed_at, provider_ref, fee, code, message, reason,
    note, against, target_ref, is_foreign, challenge_url)
  SELECT r.id, r.payment_id, r.merchant_id, r.kind, r.status, r.provider, r.amount, r.currency, r.request, r.step,
    r.sends, r.sent_at, r.send_before, r.sent_at, 0, r.ask_at, r.opened_at, r.closed_at, r.provider_ref, r.fee, r.code,
    r.message, r.reason, r.note, r.against, r.target_ref, r.is_foreign, r.challenge_url
  FROM json_to_recordset(${rows}::text::json) AS r ${operationRecord(sql)} JOIN done USING (n)`;

const escalate = (sql: RawSql, rows: string) => sql`
  INSERT INTO escalations AS e (id, merchant_id, payment_id, operation_id, kind, at_risk, currency, evidence,
    opened_at, finding, reason, found_ref, proposed_by, proposed_by_name, proposed_at, closed_how, closed_by,
    closed_by_name, closed_at)
  SELECT r.id, r.merchant_id, r.payment_id, r.operation_id, r.kind, r.at_risk, r.currency, r.evidence, r.opened_at,
    r.finding, r.reason, r.found_ref, r.proposed_by, r.proposed_by_name, r.proposed_at, r.closed_how, r.closed_by,
    r.closed_by_name, r.closed_at
  FROM json_to_recordset(${rows}::text::json) AS r ${escalationRecord(sql)} JOIN done USING (n)
  ON CONFLICT (id) DO UPDATE SET finding = excluded.finding, reason = excluded.reason,
    found_ref = excluded.found_ref, proposed_by = excluded.proposed_by,
    proposed_by_name = excluded.proposed_by_name, proposed_at = excluded.proposed_at,
    closed_how = excluded.closed_how, closed_by = excluded.closed_by, closed_by_name = excluded.closed_by_name,
    closed_at = excluded.closed_at WHERE e.closed_at IS NULL`;
