import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { id, minorUnits, moment } from './columns.ts';

/**
 * One debit and one credit of the same amount: a posting can't be out of balance, because there is nothing to balance.
 */
export const postings = pgTable(
  'postings',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    paymentId: id().notNull(),
    /** The event that caused it. */
    seq: integer().notNull(),
    kind: text().notNull(),
    debit: text().notNull(),
    credit: text().notNull(),
    amount: minorUnits().notNull(),
    currency: text().notNull(),
    provider: text().notNull(),
    at: moment().notNull(),
  },
  (t) => [
    index('postings_payment').on(t.paymentId, t.seq),
    check('postings_amount', sql`${t.amount} > 0`),
    check('postings_two_accounts', sql`${t.debit} <> ${t.credit}`),
  ],
);
