import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { id, minorUnits, moment } from './columns.ts';
import { oneOf } from './words.ts';

/** The accounts of a merchant, per provider and currency. */
export const accounts = [
  'authorizations', // what issuers have set aside for us
  'authorization_holds', // its counterpart
  'receivable', // what the provider owes us
  'merchant_payable', // what belongs to the merchant
  'fees', // what the provider keeps
] as const;

export const postingKinds = ['authorization', 'release', 'capture', 'fee', 'refund', 'refund_undone'] as const;

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
    check('postings_kind', oneOf(t.kind, postingKinds)),
    check('postings_accounts', sql`${oneOf(t.debit, accounts)} AND ${oneOf(t.credit, accounts)}`),
    check('postings_amount', sql`${t.amount} > 0`),
    check('postings_two_accounts', sql`${t.debit} <> ${t.credit}`),
  ],
);
