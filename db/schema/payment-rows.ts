import { sql } from 'drizzle-orm';
import { index, integer, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
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
    // Any choice of states, currencies and providers is so many stretches of this one, each in the list's order. What
    // else is asked for stands behind, so that it is judged without a look at the row.
    index('payment_rows_facets').on(
      t.merchantId,
      t.state,
      t.currency,
      sql`coalesce(${t.provider}, '')`,
      t.id,
      t.amount,
      t.provider,
    ),
    index('payment_rows_amount').on(t.merchantId, t.currency, t.amount, t.id),
    index('payment_rows_intent').on(t.intentId),
    index('payment_rows_last4').on(t.merchantId, t.cardLast4, t.id),
    index('payment_rows_references').on(t.merchantId, t.reference, t.id).where(sql`${t.reference} IS NOT NULL`),
    index('payment_rows_emails')
      .on(t.merchantId, sql`lower(${t.receiptEmail})`, t.id)
      .where(sql`${t.receiptEmail} IS NOT NULL`),
  ],
);

/**
 * Currencies and providers that a merchant's payments have, and the empty text for payments that have no provider yet:
 * what there is to choose from. A provider that was asked stays, also where another one took the payment in the end.
 */
export const paymentFacets = pgTable(
  'payment_facets',
  { merchantId: id().notNull(), currency: text().notNull(), provider: text().notNull() },
  (t) => [primaryKey({ columns: [t.merchantId, t.currency, t.provider] })],
);

/**
 * What fragments are looked for in, in small letters: a payment's reference and e-mail address, a line each. Written
 * once and never changed, unlike the rows of the list, as an index on fragments is the dearest there is.
 */
export const paymentTexts = pgTable(
  'payment_texts',
  { merchantId: id().notNull(), paymentId: id().notNull(), text: text().notNull() },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.paymentId] }),
    // A key for each four characters together with their merchant: three, and everybody's, are in too many texts.
    index('payment_texts_fragments').using('gin', sql`fragment_keys(${t.merchantId}, ${t.text})`),
    // One payment of 1,024: how common a fragment is.
    index('payment_texts_sample')
      .on(t.merchantId, t.paymentId, t.text)
      .where(sql`uuid_hash(${t.paymentId}) & 1023 = 0`),
  ],
);

/**
 * The ids that people may have of a payment, each from its end, in small letters: its own and its intent's as they are
 * shown, and those that its providers gave. They are random where they differ; as fragments they would cost more than
 * all the rest of the list.
 */
export const paymentIds = pgTable(
  'payment_ids',
  { merchantId: id().notNull(), backwards: text().notNull(), paymentId: id().notNull() },
  (t) => [uniqueIndex('payment_ids_backwards').on(t.merchantId, t.backwards.op('text_pattern_ops'), t.paymentId)],
);
