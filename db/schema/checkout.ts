import { sql } from 'drizzle-orm';
import {
  check,
  foreignKey,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import type { Currency } from '../../server/kernel/money.ts';
import { id, minorUnits, moment } from './columns.ts';
import { oneOf } from './words.ts';

/**
 * A hosted checkout. Everything that the shopper agrees to is fixed when the row is made and covered by `seal`; later
 * only what became of it is written: `shopperEmail`, `attemptedAt`, `status`, `closedAt`. The processes' roles hold
 * SELECT and INSERT, and UPDATE on those four columns alone.
 */
export const checkoutSessions = pgTable(
  'checkout_sessions',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    /** SHA-256, hex, of the secret half of the session's URL. The secret itself is not stored. */
    secretHash: text().notNull(),
    /** Named beforehand, so that every attempt of this session pays the same intent. */
    intentId: id().notNull(),
    currency: text().$type<Currency>().notNull(),
    amount: minorUnits().notNull(),
    captureMethod: text().$type<'automatic' | 'manual'>().notNull(),
    successUrl: text().notNull(),
    cancelUrl: text(),
    clientReferenceId: text(),
    customerEmail: text(),
    metadata: jsonb().$type<Record<string, string>>().notNull(),
    /** HMAC-SHA-256, hex, over the canonical cart, under the key that `sealKey` names. */
    seal: text().notNull(),
    sealKey: text().notNull(),
    createdAt: moment().notNull(),
    expiresAt: moment().notNull(),
    shopperEmail: text(),
    /** When somebody first tried to pay: from then on the intent may exist. */
    attemptedAt: moment(),
    status: text().$type<'open' | 'complete' | 'expired'>().notNull(),
    closedAt: moment(),
  },
  (t) => [
    uniqueIndex('checkout_sessions_intent').on(t.intentId),
    index('checkout_sessions_merchant_id').on(t.merchantId, t.id),
    // What the sweep reads: open sessions, the first to expire first.
    index('checkout_sessions_open').on(t.expiresAt).where(sql`${t.status} = 'open'`),
    // Lets the line items' foreign key carry the merchant, so that an item can't hang on a foreign session.
    unique('checkout_sessions_merchant').on(t.id, t.merchantId),
    check('checkout_sessions_status', oneOf(t.status, ['open', 'complete', 'expired'])),
    check('checkout_sessions_closed', sql`(${t.closedAt} IS NULL) = (${t.status} = 'open')`),
    check('checkout_sessions_complete_was_attempted', sql`${t.status} <> 'complete' OR ${t.attemptedAt} IS NOT NULL`),
    check('checkout_sessions_capture_method', oneOf(t.captureMethod, ['automatic', 'manual'])),
    check('checkout_sessions_amount', sql`${t.amount} BETWEEN 1 AND 99999999`),
    check('checkout_sessions_hashes', sql`length(${t.secretHash}) = 64 AND length(${t.seal}) = 64`),
    check('checkout_sessions_expiry', sql`${t.expiresAt} > ${t.createdAt}`),
  ],
);

/** What is bought. Written with its session and never again: no role holds UPDATE or DELETE. */
export const checkoutLineItems = pgTable(
  'checkout_line_items',
  {
    sessionId: id().notNull(),
    /** From 0, in the order that the merchant sent. */
    position: integer().notNull(),
    id: id().notNull(),
    merchantId: id().notNull(),
    name: text().notNull(),
    description: text(),
    /** Minor units of the session's currency. */
    unitAmount: minorUnits().notNull(),
    quantity: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.sessionId, t.position] }),
    foreignKey({
      name: 'checkout_line_items_session',
      columns: [t.sessionId, t.merchantId],
      foreignColumns: [checkoutSessions.id, checkoutSessions.merchantId],
    }),
    check('checkout_line_items_unit_amount', sql`${t.unitAmount} BETWEEN 0 AND 99999999`),
    check('checkout_line_items_quantity', sql`${t.quantity} BETWEEN 1 AND 999999`),
    check('checkout_line_items_position', sql`${t.position} BETWEEN 0 AND 99`),
  ],
);
