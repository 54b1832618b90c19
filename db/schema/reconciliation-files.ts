import { sql } from 'drizzle-orm';
import {
  check,
  customType,
  date,
  foreignKey,
  index,
  integer,
  pgTable,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { id, minorUnits, moment } from './columns.ts';
import { oneOf } from './words.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** `stored`: whole, with its hash. `read`: its lines stand in their table. `matched`: differences are on record. */
export const fileStatuses = ['stored', 'read', 'matched', 'posted'] as const;

/** What a provider says it has settled, as it came. Taken in once: the same bytes again are the same file. */
export const settlementFiles = pgTable(
  'settlement_files',
  {
    id: id().primaryKey(),
    provider: text().notNull(),
    /** The provider's name for it. */
    name: text().notNull(),
    /** The provider's business day. */
    day: date({ mode: 'string' }).notNull(),
    source: text().$type<'fetched' | 'uploaded'>().notNull(),
    /** Who uploaded it. */
    staffId: id(),
    digest: bytes().notNull(),
    /** Null where it is too long for one row: it stands in its parts. */
    content: bytes(),
    receivedAt: moment().notNull(),
    status: text().$type<(typeof fileStatuses)[number]>().notNull(),
    /** Lines that stand in their table, and lines that could not be read. */
    lines: integer().notNull(),
    quarantined: integer().notNull(),
    readAt: moment(),
    matchedAt: moment(),
    postedAt: moment(),
    /** Somebody is at work on it until then. */
    leasedUntil: moment(),
  },
  (t) => [
    uniqueIndex('settlement_files_digest').on(t.provider, t.digest),
    uniqueIndex('settlement_files_name').on(t.provider, t.name),
    index('settlement_files_at_work').on(t.receivedAt).where(sql`${t.status} <> 'posted'`),
    check('settlement_files_status', oneOf(t.status, fileStatuses)),
    check('settlement_files_source', oneOf(t.source, ['fetched', 'uploaded'])),
    check('settlement_files_digest_size', sql`length(${t.digest}) = 32`),
  ],
);

/**
 * A long file's content, a MiB each. Parts are there before their file is: what has no file a day later was left by
 * somebody who died, and is thrown away.
 */
export const settlementFileParts = pgTable(
  'settlement_file_parts',
  {
    fileId: id().notNull(),
    part: integer().notNull(),
    content: bytes().notNull(),
    receivedAt: moment().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.part] })],
);

export const lineKinds = ['capture', 'refund', 'refund_returned', 'chargeback', 'fee', 'payout', 'adjustment'] as const;

/** Kinds of which an operation of ours stands behind each line. */
export const operationLines = ['capture', 'refund'] as const;

/**
 * One line of a file, in our words. What it was matched with is written once: one line matches one operation, and an
 * operation has one line of a kind.
 */
export const settlementLines = pgTable(
  'settlement_lines',
  {
    fileId: id()
      .notNull()
      .references(() => settlementFiles.id),
    /** Its number in the file, from 1, the heading included. */
    line: integer().notNull(),
    provider: text().notNull(),
    kind: text().$type<(typeof lineKinds)[number]>().notNull(),
    /** The provider's id of what was settled; of a payout the payout's. */
    ref: text(),
    /** Of a refund or chargeback: the provider's id of the capture. */
    captureRef: text(),
    /** Our idempotency key, where the file has it, and our payment's shown id. */
    key: text(),
    reference: text(),
    /** Minor units, without a sign: what was captured, given back, charged or paid out. */
    amount: minorUnits().notNull(),
    fee: minorUnits().notNull(),
    /** With a sign: what it adds to the payout. */
    net: minorUnits().notNull(),
    currency: text().notNull(),
    occurredAt: moment().notNull(),
    /** The payout that it is part of. */
    payoutRef: text(),
    raw: text().notNull(),
    merchantId: id(),
    paymentId: id(),
    operationId: id(),
    /** By which rule it was matched; of a forced match, `person`. */
    rule: text(),
    matchedAt: moment(),
    postedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.fileId, t.line] }),
    uniqueIndex('settlement_lines_operation').on(t.operationId, t.kind).where(sql`${t.operationId} IS NOT NULL`),
    // Chargebacks alone have no operation: whether one came before is asked by its payment.
    index('settlement_lines_charged').on(t.paymentId).where(sql`${t.kind} = 'chargeback'`),
    // What people have matched. That it is not posted yet is no part of it: to post a line would touch all indexes.
    index('settlement_lines_forced').on(t.fileId, t.line).where(sql`${t.rule} = 'person'`),
    index('settlement_lines_payouts').on(t.occurredAt).where(sql`${t.kind} = 'payout'`),
    check('settlement_lines_kind', oneOf(t.kind, lineKinds)),
    check('settlement_lines_amounts', sql`${t.amount} >= 0 AND ${t.fee} >= 0`),
    check('settlement_lines_matched', sql`(${t.operationId} IS NULL) = (${t.rule} IS NULL)`),
  ],
);

/** Lines that could not be read. The rest of their file went on without them. */
export const quarantinedLines = pgTable(
  'quarantined_lines',
  {
    fileId: id()
      .notNull()
      .references(() => settlementFiles.id),
    line: integer().notNull(),
    raw: text().notNull(),
    /** A sentence that says what is wrong and where. */
    reason: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.line] })],
);

/** A bank's statement, as it was uploaded: CSV, or ISO 20022 camt.053. */
export const bankStatements = pgTable(
  'bank_statements',
  {
    id: id().primaryKey(),
    name: text().notNull(),
    format: text().$type<'csv' | 'camt'>().notNull(),
    staffId: id(),
    digest: bytes().notNull(),
    content: bytes().notNull(),
    receivedAt: moment().notNull(),
    lines: integer().notNull(),
    matchedAt: moment(),
  },
  (t) => [
    uniqueIndex('bank_statements_digest').on(t.digest),
    check('bank_statements_format', oneOf(t.format, ['csv', 'camt'])),
  ],
);

/** One entry of a statement. It is matched with the line of one payout, and a payout's line with one entry. */
export const bankLines = pgTable(
  'bank_lines',
  {
    statementId: id()
      .notNull()
      .references(() => bankStatements.id),
    line: integer().notNull(),
    bookedOn: date({ mode: 'string' }).notNull(),
    /** With a sign: what came in is positive. */
    amount: minorUnits().notNull(),
    currency: text().notNull(),
    /** What was written with it, in which payouts name themselves. */
    remittance: text().notNull(),
    raw: text().notNull(),
    payoutFileId: id(),
    payoutLine: integer(),
    matchedAt: moment(),
  },
  (t) => [
    primaryKey({ columns: [t.statementId, t.line] }),
    uniqueIndex('bank_lines_payout').on(t.payoutFileId, t.payoutLine),
    foreignKey({
      name: 'bank_lines_payout_line',
      columns: [t.payoutFileId, t.payoutLine],
      foreignColumns: [settlementLines.fileId, settlementLines.line],
    }),
  ],
);
