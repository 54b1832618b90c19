import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, json, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { isLive, states } from '../../server/payments/core/machine.ts';
import { id, minorUnits, moment } from './columns.ts';
import { oneOf } from './words.ts';

export const operationKinds = ['authorize', 'capture', 'void', 'refund', 'cancel'] as const;
export const unclosedStatuses = ['open', 'challenged', 'pending'] as const;
export const closedStatuses = ['accepted', 'refused', 'absent'] as const;

/** What a merchant wants paid. `attempts` counts its payments and is the compare-and-swap of opening another. */
export const intents = pgTable(
  'intents',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    amount: minorUnits().notNull(),
    currency: text().notNull(),
    captureMethod: text().notNull(),
    description: text(),
    reference: text(),
    receiptEmail: text(),
    metadata: jsonb().$type<Record<string, string>>().notNull(),
    attempts: integer().notNull(),
    canceledAt: moment(),
    cancellationReason: text(),
    createdAt: moment().notNull(),
  },
  (t) => [
    index('intents_merchant_id').on(t.merchantId, t.id),
    index('intents_reference').on(t.merchantId, t.reference).where(sql`${t.reference} IS NOT NULL`),
    index('intents_receipt_email')
      .on(t.merchantId, sql`lower(${t.receiptEmail})`)
      .where(sql`${t.receiptEmail} IS NOT NULL`),
    check('intents_amount', sql`${t.amount} > 0`),
    check('intents_capture_method', oneOf(t.captureMethod, ['automatic', 'manual'])),
  ],
);

const before = ['initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'failed'] as const;
const held = ['authorized', 'capture_pending', 'voided'] as const;
const taken = ['captured', 'reconciled', 'refunded'] as const;

/** One journey of an intent with one instrument. Written by `payments/core/commit.ts` and by nothing else. */
export const payments = pgTable(
  'payments',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    intentId: id()
      .notNull()
      .references(() => intents.id),
    attempt: integer().notNull(),
    state: text().notNull(),
    live: boolean().notNull(),
    version: integer().notNull(),
    currency: text().notNull(),
    amount: minorUnits().notNull(),
    authorized: minorUnits().notNull(),
    captured: minorUnits().notNull(),
    refunded: minorUnits().notNull(),
    refundReserved: minorUnits().notNull(),
    chargedBack: minorUnits().notNull(),
    stray: minorUnits().notNull(),
    reconciled: minorUnits(),
    provider: text(),
    token: text(),
    cardBrand: text(),
    cardLast4: text(),
    cardExpMonth: integer(),
    cardExpYear: integer(),
    fingerprint: text(),
    verdictId: id(),
    failureCode: text(),
    failureMessage: text(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (t) => [
    index('payments_merchant_id').on(t.merchantId, t.id),
    // Two payments of one intent may never both hold money. Tied to the state by `payments_live`, and in an index of
    // its own column, so that ordinary moves touch no index and stay HOT updates.
    uniqueIndex('payments_one_live').on(t.intentId).where(sql`${t.live}`),
    uniqueIndex('payments_attempt').on(t.intentId, t.attempt),
    check('payments_state', oneOf(t.state, states)),
    check('payments_live', sql`${t.live} = (${oneOf(t.state, states.filter(isLive))})`),
    check('payments_version', sql`${t.version} >= 1`),
    check(
      'payments_not_negative',
      sql`least(${t.authorized}, ${t.captured}, ${t.refunded}, ${t.refundReserved}, ${t.chargedBack}, ${t.stray}, ${t.reconciled}) >= 0`,
    ),
    check('payments_authorized_at_most_amount', sql`${t.authorized} <= ${t.amount}`),
    check('payments_captured_at_most_authorized', sql`${t.captured} <= ${t.authorized}`),
    check('payments_refunds_at_most_captured', sql`${t.refunded} + ${t.refundReserved} <= ${t.captured}`),
    check('payments_refunds_at_most_reconciled', sql`${t.refunded} + ${t.refundReserved} <= ${t.reconciled}`),
    check('payments_charged_back_at_most_captured', sql`${t.chargedBack} <= ${t.captured}`),
    check(
      'payments_state_has_amounts',
      sql`CASE
        WHEN ${oneOf(t.state, before)} THEN ${t.authorized} = 0 AND ${t.captured} = 0
        WHEN ${oneOf(t.state, held)} THEN ${t.authorized} > 0 AND ${t.captured} = 0
        ELSE ${t.captured} > 0 AND (${t.refunded} = ${t.captured}) = (${t.state} = 'refunded')
          AND (${t.state} <> 'reconciled' OR ${t.reconciled} IS NOT NULL)
      END`,
    ),
    // No provider is asked before risk has answered, and the answer is on record.
    check(
      'payments_risk_before_money',
      sql`${t.verdictId} IS NOT NULL OR NOT (${oneOf(t.state, ['risk_checked', ...held, ...taken])})`,
    ),
  ],
);

/** One authorize, capture, void or refund asked of one provider; its id is the idempotency key sent there. */
export const operations = pgTable(
  'operations',
  {
    id: id().primaryKey(),
    paymentId: id().notNull(),
    merchantId: id().notNull(),
    kind: text().notNull(),
    status: text().notNull(),
    provider: text().notNull(),
    amount: minorUnits().notNull(),
    currency: text().notNull(),
    /** The request as it was first written, with its placeholders: a later send must equal it byte for byte. */
    request: json().$type<Record<string, unknown>>().notNull(),
    step: integer().notNull(),
    sends: integer().notNull(),
    sentAt: moment().notNull(),
    sendBefore: moment().notNull(),
    /** When we last asked what became of it, and how often: whose silence is longest is asked about first. */
    askedAt: moment().notNull(),
    inquiries: integer().notNull(),
    openedAt: moment().notNull(),
    closedAt: moment(),
    providerRef: text(),
    fee: minorUnits(),
    code: text(),
    message: text(),
    reason: text(),
    note: text(),
  },
  (t) => [
    index('operations_payment').on(t.paymentId, t.id),
    // A process can die between committing an operation and hearing the answer. Without this index the next one could
    // void what may just have been captured; with it, PostgreSQL refuses the row until the first is closed.
    uniqueIndex('operations_one_unclosed')
      .on(t.paymentId)
      .where(sql`${oneOf(t.status, unclosedStatuses)} AND ${oneOf(t.kind, ['authorize', 'capture', 'void'])}`),
    uniqueIndex('operations_one_capture')
      .on(t.paymentId)
      .where(sql`${t.status} = 'accepted' AND ${t.kind} = 'capture'`),
    index('operations_unclosed').on(t.askedAt).where(oneOf(t.status, unclosedStatuses)),
    check('operations_kind', oneOf(t.kind, operationKinds)),
    check('operations_status', oneOf(t.status, [...unclosedStatuses, ...closedStatuses])),
    check('operations_amount', sql`${t.amount} > 0`),
    check('operations_closed', sql`(${t.closedAt} IS NOT NULL) = (${oneOf(t.status, closedStatuses)})`),
  ],
);
