import { sql } from 'drizzle-orm';
import { boolean, check, index, integer, json, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { isLive, states } from '../../server/payments/core/machine.ts';
import { id, minorUnits, moment } from './columns.ts';
import { holds, type Law, listed, oneOf } from './words.ts';

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
    check('intents_amount', sql`${t.amount} > 0`),
    check('intents_capture_method', oneOf(t.captureMethod, ['automatic', 'manual'])),
  ],
);

const before = ['initiated', 'payment_method_captured', 'tokenized', 'risk_checked', 'failed'] as const;
const held = ['authorized', 'capture_pending', 'voided'] as const;
const taken = ['captured', 'reconciled', 'refunded'] as const;

export const paymentStateIsKnown: Law = {
  name: 'payment_state_is_known',
  takes: 'state text',
  says: `state IN (${listed(states)})`,
};

export const paymentAmountsFitState: Law = {
  name: 'payment_amounts_fit_state',
  takes: 'state text, authorized bigint, captured bigint, refunded bigint, reconciled bigint',
  says: `CASE
    WHEN state IN (${listed(before)}) THEN authorized = 0 AND captured = 0 AND reconciled IS NULL
    WHEN state IN (${listed(held)}) THEN authorized > 0 AND captured = 0 AND reconciled IS NULL
    ELSE captured > 0 AND (refunded = captured) = (state = 'refunded')
      AND (state = 'refunded' OR (state = 'reconciled') = (reconciled IS NOT NULL))
  END`,
};

export const paymentIsLive: Law = {
  name: 'payment_is_live',
  takes: 'state text',
  says: `state IN (${listed(states.filter(isLive))})`,
};

/** No provider was asked, or risk said no. */
export const paymentNeedsNoVerdict: Law = {
  name: 'payment_needs_no_verdict',
  takes: 'state text',
  says: `NOT (state IN (${listed(['risk_checked', ...held, ...taken])}))`,
};

export const paymentIsNotCaptured: Law = {
  name: 'payment_is_not_captured',
  takes: 'state text',
  says: `NOT (state IN (${listed(['capture_pending', ...taken])}))`,
};

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
    /** The providers of the plan that were not asked yet, in order. */
    untried: jsonb().$type<string[]>().notNull(),
    /** Where the shopper's browser goes on after a challenge. */
    returnUrl: text(),
    /** While `open`, a person has to look before anything is captured. */
    review: text(),
    /** Until when a provider that takes charges is waited for, and when the next is tried. */
    queuedUntil: moment(),
    tryAt: moment(),
    /** Until when an authorization that waits for its capture is held; null for all others, so that they stay HOT. */
    heldUntil: moment(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (t) => [
    index('payments_merchant_id').on(t.merchantId, t.id),
    // Two payments of one intent may never both hold money. Tied to the state by `payments_live`, and in an index of
    // its own column, so that ordinary moves touch no index and stay HOT updates.
    uniqueIndex('payments_one_live').on(t.intentId).where(sql`${t.live}`),
    uniqueIndex('payments_attempt').on(t.intentId, t.attempt),
    index('payments_queued').on(t.tryAt).where(sql`${t.tryAt} IS NOT NULL`),
    index('payments_held').on(t.heldUntil).where(sql`${t.heldUntil} IS NOT NULL`),
    check('payments_state', holds(paymentStateIsKnown, t.state)),
    check('payments_live', sql`${t.live} = ${holds(paymentIsLive, t.state)}`),
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
      holds(paymentAmountsFitState, t.state, t.authorized, t.captured, t.refunded, t.reconciled),
    ),
    check(
      'payments_queued',
      sql`(${t.queuedUntil} IS NULL) = (${t.tryAt} IS NULL) AND (${t.tryAt} IS NULL OR ${t.state} = 'risk_checked')`,
    ),
    check('payments_review', oneOf(t.review, ['open', 'approved', 'rejected'])),
    // Whom risk wants to be looked at is not captured before a person said yes.
    check(
      'payments_review_before_capture',
      sql`${t.review} IS NULL OR ${t.review} = 'approved' OR ${holds(paymentIsNotCaptured, t.state)}`,
    ),
    // No provider is asked before risk has answered, and the answer is on record.
    check('payments_risk_before_money', sql`${t.verdictId} IS NOT NULL OR ${holds(paymentNeedsNoVerdict, t.state)}`),
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
    /** When we last asked what became of it, and how often. */
    askedAt: moment().notNull(),
    inquiries: integer().notNull(),
    /** When to ask next. Whoever claims the question moves it on, and so holds a lease until then. */
    askAt: moment().notNull(),
    openedAt: moment().notNull(),
    closedAt: moment(),
    providerRef: text(),
    fee: minorUnits(),
    code: text(),
    message: text(),
    reason: text(),
    note: text(),
    /** The operation that it blocks (cancel), or whose stray money it gives back. */
    against: id(),
    /** The provider's own id of what it is aimed at, where that is not the payment's own authorization or capture. */
    targetRef: text(),
    /** Where the bank wants to see the shopper. */
    challengeUrl: text(),
    /** Made at the provider without us: we were only told. */
    isForeign: boolean().notNull(),
  },
  (t) => [
    index('operations_payment').on(t.paymentId, t.id),
    // A process can die between committing an operation and hearing the answer. Without this index the next one could
    // void what may just have been captured; with it, PostgreSQL refuses the row until the first is closed.
    uniqueIndex('operations_one_unclosed')
      .on(t.paymentId)
      .where(
        sql`${oneOf(t.status, unclosedStatuses)} AND ${oneOf(t.kind, ['authorize', 'capture', 'void'])} AND ${t.against} IS NULL`,
      ),
    uniqueIndex('operations_one_capture')
      .on(t.paymentId)
      .where(sql`${t.status} = 'accepted' AND ${t.kind} = 'capture'`),
    // By what a provider's chargeback or foreign refund names. What one payment took or holds is no other's: a refund
    // goes where the reference leads.
    uniqueIndex('operations_own_ref')
      .on(t.provider, t.kind, t.providerRef)
      .where(sql`${oneOf(t.kind, ['authorize', 'capture'])} AND ${t.status} = 'accepted'`),
    index('operations_unclosed').on(t.askAt).where(oneOf(t.status, unclosedStatuses)),
    check('operations_kind', oneOf(t.kind, operationKinds)),
    check('operations_status', oneOf(t.status, [...unclosedStatuses, ...closedStatuses])),
    check('operations_amount', sql`${t.amount} > 0`),
    check('operations_closed', sql`(${t.closedAt} IS NOT NULL) = (${oneOf(t.status, closedStatuses)})`),
  ],
);

export const escalationKinds = ['unanswered', 'stray', 'stuck', 'undone'] as const;
export const findings = ['took_place', 'did_not', 'settled_otherwise'] as const;

/** Money that a person has to look after, and what two of them found. Written by `payments/core/commit.ts`. */
export const escalations = pgTable(
  'escalations',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    paymentId: id()
      .notNull()
      .references(() => payments.id),
    operationId: id().references(() => operations.id),
    kind: text().notNull(),
    atRisk: minorUnits().notNull(),
    currency: text().notNull(),
    evidence: jsonb().$type<Record<string, unknown>>().notNull(),
    openedAt: moment().notNull(),
    finding: text(),
    reason: text(),
    foundRef: text(),
    proposedBy: id(),
    proposedByName: text(),
    proposedAt: moment(),
    closedHow: text(),
    closedBy: id(),
    closedByName: text(),
    closedAt: moment(),
  },
  (t) => [
    index('escalations_merchant_id').on(t.merchantId, t.id),
    index('escalations_payment').on(t.paymentId, t.id),
    uniqueIndex('escalations_one_open').on(t.operationId, t.kind).where(sql`${t.closedAt} IS NULL`),
    check('escalations_kind', oneOf(t.kind, escalationKinds)),
    check('escalations_at_risk', sql`${t.atRisk} > 0`),
    check('escalations_finding', oneOf(t.finding, findings)),
    check(
      'escalations_proposal',
      sql`(${t.finding} IS NULL) = (${t.proposedBy} IS NULL) AND (${t.finding} IS NULL) = (${t.proposedAt} IS NULL)
        AND (${t.finding} IS NULL OR length(${t.reason}) >= 10)`,
    ),
    check(
      'escalations_closed',
      sql`(${t.closedAt} IS NULL) = (${t.closedHow} IS NULL) AND (${t.closedHow} IS NULL OR ${oneOf(t.closedHow, ['answered', 'confirmed'])})`,
    ),
    // What one person found, another one confirms.
    check(
      'escalations_second_person',
      sql`${t.closedHow} IS DISTINCT FROM 'confirmed'
        OR (${t.proposedBy} IS NOT NULL AND ${t.closedBy} IS NOT NULL AND ${t.closedBy} <> ${t.proposedBy})`,
    ),
  ],
);

/** How a merchant wants its payments to be treated; a merchant without a row gets the defaults. */
export const paymentSettings = pgTable(
  'payment_settings',
  {
    merchantId: id().primaryKey(),
    /** What becomes of an authorization that is soon no longer held. */
    holdExpiry: text().$type<'void' | 'capture'>().notNull(),
  },
  (t) => [check('payment_settings_hold_expiry', oneOf(t.holdExpiry, ['void', 'capture']))],
);
