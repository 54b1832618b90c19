import { sql } from 'drizzle-orm';
import { check, date, index, integer, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, minorUnits, moment } from './columns.ts';
import { settlementFiles } from './reconciliation-files.ts';
import { oneOf } from './words.ts';
/** By our idempotency key, by the provider's id, or by our payment's id with kind and amount. */
export const matchedBy = ['key', 'ref', 'reference'] as const;

/** How lines find what is ours, tried in the order of `position`. Of no provider: of all of them. */
export const matchingRules = pgTable(
  'matching_rules',
  {
    id: id().primaryKey(),
    provider: text(),
    position: integer().notNull(),
    name: text().notNull(),
    by: text().$type<(typeof matchedBy)[number]>().notNull(),
    /** Minor units by which amounts may differ, and days by which the line may be later than the operation. */
    tolerance: minorUnits().notNull(),
    windowDays: integer().notNull(),
  },
  (t) => [
    check('matching_rules_by', oneOf(t.by, matchedBy)),
    check('matching_rules_limits', sql`${t.tolerance} >= 0 AND ${t.windowDays} >= 0`),
  ],
);

export const discrepancyKinds = [
  'missing_at_provider',
  'missing_here',
  'amount',
  'currency',
  'fee',
  'duplicate',
  'late',
  'status',
] as const;

/** How a difference ended. The last two need a second person. */
export const discrepancyEnds = ['resolved', 'written_off', 'matched'] as const;

/** One line where a provider's books and ours differ; or, of the leg `bank`, where the bank's and the provider's do. */
export const discrepancies = pgTable(
  'discrepancies',
  {
    id: id().primaryKey(),
    leg: text().$type<'settlement' | 'bank'>().notNull(),
    kind: text().$type<(typeof discrepancyKinds)[number]>().notNull(),
    provider: text().notNull(),
    /** The line; none where it is missing there. */
    fileId: id(),
    line: integer(),
    /** Whose it is, where anything of ours was found. */
    merchantId: id(),
    paymentId: id(),
    operationId: id(),
    ours: minorUnits(),
    theirs: minorUnits(),
    currency: text().notNull(),
    /** A word for the likely cause, which the console says in a sentence. */
    cause: text().notNull(),
    openedAt: moment().notNull(),
    assignedTo: id(),
    assignedToName: text(),
    /** What one person wants, until another one agrees. */
    proposed: text().$type<'written_off' | 'matched'>(),
    proposedReason: text(),
    proposedOperationId: id(),
    proposedBy: id(),
    proposedByName: text(),
    proposedAt: moment(),
    ended: text().$type<(typeof discrepancyEnds)[number]>(),
    reason: text(),
    /** Nobody, where it went away by itself: the missing line has come. */
    endedBy: id(),
    endedByName: text(),
    endedAt: moment(),
  },
  (t) => [
    uniqueIndex('discrepancies_line').on(t.leg, t.fileId, t.line, t.kind),
    uniqueIndex('discrepancies_missing')
      .on(t.operationId, t.kind)
      .where(sql`${t.fileId} IS NULL AND ${t.endedAt} IS NULL`),
    index('discrepancies_open').on(t.openedAt, t.id).where(sql`${t.endedAt} IS NULL`),
    index('discrepancies_merchant').on(t.merchantId, t.id),
    index('discrepancies_payment').on(t.paymentId),
    check('discrepancies_leg', oneOf(t.leg, ['settlement', 'bank'])),
    check('discrepancies_kind', oneOf(t.kind, discrepancyKinds)),
    check('discrepancies_ended', oneOf(t.ended, discrepancyEnds)),
    check('discrepancies_proposed', oneOf(t.proposed, ['written_off', 'matched'])),
    check('discrepancies_ended_whole', sql`(${t.ended} IS NULL) = (${t.endedAt} IS NULL)`),
    check('discrepancies_proposed_whole', sql`(${t.proposed} IS NULL) = (${t.proposedBy} IS NULL)`),
    check(
      'discrepancies_second_person',
      // Said so that it is never null: a CHECK lets pass what is neither true nor false.
      sql`${t.ended} IS NULL OR ${t.ended} = 'resolved'
        OR (${t.proposed} IS NOT DISTINCT FROM ${t.ended} AND ${t.endedBy} IS NOT NULL AND ${t.endedBy} <> ${t.proposedBy})`,
    ),
  ],
);

/** What people said about a difference. */
export const discrepancyNotes = pgTable(
  'discrepancy_notes',
  {
    id: id().primaryKey(),
    discrepancyId: id()
      .notNull()
      .references(() => discrepancies.id),
    at: moment().notNull(),
    staffId: id().notNull(),
    staffName: text().notNull(),
    text: text().notNull(),
  },
  (t) => [index('discrepancy_notes_discrepancy').on(t.discrepancyId, t.id)],
);

/** One matching of one file: what the history shows. Totals by currency, minor units as text. */
export const reconciliationRuns = pgTable(
  'reconciliation_runs',
  {
    id: id().primaryKey(),
    provider: text().notNull(),
    fileId: id()
      .notNull()
      .references(() => settlementFiles.id),
    day: date({ mode: 'string' }).notNull(),
    startedAt: moment().notNull(),
    endedAt: moment().notNull(),
    lines: integer().notNull(),
    matched: integer().notNull(),
    quarantined: integer().notNull(),
    /** How many differences of each kind it found. */
    differences: jsonb().$type<Partial<Record<(typeof discrepancyKinds)[number], number>>>().notNull(),
    totals: jsonb().$type<Record<string, { theirs: string; ours: string; matched: string }>>().notNull(),
  },
  (t) => [uniqueIndex('reconciliation_runs_file').on(t.fileId), index('reconciliation_runs_day').on(t.provider, t.day)],
);
