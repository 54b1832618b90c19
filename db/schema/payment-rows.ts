import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { id, minorUnits, moment } from './columns.ts';

/**
 * What lists show and search by, one row per payment, kept by a consumer of the log and made again from it. `payments`
 * itself is indexed by next to nothing, so that a move stays cheap; here is where the indexes are.
 */
export const paymentRows = pgTable(
  'payment_rows',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    intentId: id().notNull(),
    version: integer().notNull(),
    state: text().notNull(),
    amount: minorUnits().notNull(),
    captured: minorUnits().notNull(),
    refunded: minorUnits().notNull(),
    currency: text().notNull(),
    cardBrand: text(),
    cardLast4: text(),
    cardExpMonth: integer(),
    cardExpYear: integer(),
    provider: text(),
    failureCode: text(),
    reference: text(),
    receiptEmail: text(),
    /** When the oldest of its unclosed operations was opened. */
    waitingSince: moment(),
    createdAt: moment().notNull(),
  },
  (t) => [
    index('payment_rows_merchant').on(t.merchantId, t.id),
    index('payment_rows_state').on(t.merchantId, t.state, t.id),
    index('payment_rows_intent').on(t.intentId),
    index('payment_rows_last4').on(t.merchantId, t.cardLast4, t.id),
    index('payment_rows_reference').on(t.merchantId, t.reference).where(sql`${t.reference} IS NOT NULL`),
    index('payment_rows_email')
      .on(t.merchantId, sql`lower(${t.receiptEmail})`)
      .where(sql`${t.receiptEmail} IS NOT NULL`),
  ],
);
