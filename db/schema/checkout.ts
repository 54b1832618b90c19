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
import { legalOrderSteps, orderStates, statesWithFulfilment } from '../../server/checkout/core/order-machine.ts';
import type { Currency } from '../../server/kernel/money.ts';
import { id, minorUnits, moment } from './columns.ts';
import { events } from './events.ts';
import { oneOf, words } from './words.ts';

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

/** What a session's cart becomes once it is paid: fulfilled, or compensated. Made with its session. */
export const orders = pgTable(
  'orders',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    sessionId: id().notNull(),
    state: text().$type<(typeof orderStates)[number]>().notNull(),
    /** Counts its events, and is the place of the last one. */
    version: integer().notNull(),
    createdAt: moment().notNull(),
    updatedAt: moment().notNull(),
  },
  (t) => [
    uniqueIndex('orders_session').on(t.sessionId),
    index('orders_merchant_id').on(t.merchantId, t.id),
    unique('orders_merchant').on(t.id, t.merchantId),
    foreignKey({
      name: 'orders_of_their_session',
      columns: [t.sessionId, t.merchantId],
      foreignColumns: [checkoutSessions.id, checkoutSessions.merchantId],
    }),
    check('orders_state', oneOf(t.state, orderStates)),
    check('orders_version', sql`${t.version} >= 1`),
  ],
);

export const fulfilmentStatuses = ['due', 'asked', 'shipped', 'refused', 'called_off', 'stuck'] as const;

/**
 * The command to send an order's goods; its id is that of the event that the payment was captured by, and the key that
 * the warehouse is asked by. Invariant 6: it names the authorisation and the approval in the payment's log, and what it
 * names is held to be just that by the trigger `fulfilments_have_grounds`. These columns never change.
 */
export const fulfilments = pgTable(
  'fulfilments',
  {
    id: id().primaryKey(),
    orderId: id().notNull(),
    merchantId: id().notNull(),
    paymentId: id().notNull(),
    /** Place of the event `authorize` in the payment's log. */
    authorizedSeq: integer().notNull(),
    /** Place of the event `approve`, or of the `review_closed` that approved. */
    approvedSeq: integer().notNull(),
    /** Place of the event `capture`, whose id this command has. */
    capturedSeq: integer().notNull(),
    /** `due`: nobody was asked yet. `asked`: the warehouse may have sent it. `stuck`: a person has to look. */
    status: text().$type<(typeof fulfilmentStatuses)[number]>().notNull(),
    /** Calls since it was due, or since a person has asked for more. */
    tries: integer().notNull(),
    /** When it is the worker's turn again; while somebody is at work on it, the end of that one's lease. */
    nextAt: moment().notNull(),
    openedAt: moment().notNull(),
    closedAt: moment(),
    /** Why it was refused, in the warehouse's words. */
    reason: text(),
    /** When people were told that it is stuck. */
    alertedAt: moment(),
  },
  (t) => [
    uniqueIndex('fulfilments_order').on(t.orderId),
    // Lets what belongs to a fulfilment carry its order.
    unique('fulfilments_of_order').on(t.id, t.orderId),
    index('fulfilments_due')
      .on(t.nextAt)
      .where(oneOf(t.status, ['due', 'asked'])),
    index('fulfilments_stuck').on(t.id).where(sql`${t.status} = 'stuck'`),
    index('fulfilments_alerted').on(t.id).where(sql`${t.alertedAt} IS NOT NULL`),
    foreignKey({
      name: 'fulfilments_of_their_order',
      columns: [t.orderId, t.merchantId],
      foreignColumns: [orders.id, orders.merchantId],
    }),
    foreignKey({
      name: 'fulfilments_authorized',
      columns: [t.paymentId, t.authorizedSeq],
      foreignColumns: [events.paymentId, events.seq],
    }),
    foreignKey({
      name: 'fulfilments_approved',
      columns: [t.paymentId, t.approvedSeq],
      foreignColumns: [events.paymentId, events.seq],
    }),
    foreignKey({
      name: 'fulfilments_captured',
      columns: [t.paymentId, t.capturedSeq],
      foreignColumns: [events.paymentId, events.seq],
    }),
    check('fulfilments_status', oneOf(t.status, fulfilmentStatuses)),
    check(
      'fulfilments_closed',
      sql`(${t.closedAt} IS NOT NULL) = (${oneOf(t.status, ['shipped', 'refused', 'called_off'])})`,
    ),
  ],
);

const orderSteps = legalOrderSteps();
const orderEdges = orderSteps.flatMap(({ from, trigger, to }) => (from ? [`${from}.${trigger}.${to}`] : []));
const orderBirths = orderSteps.flatMap(({ from, trigger, to }) => (from ? [] : [`${trigger}.${to}`]));

/** One appended fact about an order. No process may change or delete one. */
export const orderEvents = pgTable(
  'order_events',
  {
    orderId: id().notNull(),
    seq: integer().notNull(),
    merchantId: id().notNull(),
    fromState: text(),
    trigger: text().notNull(),
    toState: text().notNull(),
    /** No order is being fulfilled without one, and so without the grounds that it stands on. */
    fulfilmentId: id(),
    cause: text().notNull(),
    actorKind: text().notNull(),
    actorId: text(),
    data: jsonb().$type<Record<string, string>>().notNull(),
    at: moment().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.orderId, t.seq] }),
    foreignKey({
      name: 'order_events_fulfilment',
      columns: [t.fulfilmentId, t.orderId],
      foreignColumns: [fulfilments.id, fulfilments.orderId],
    }),
    check(
      'order_events_legal',
      sql`CASE
        WHEN ${t.fromState} IS NULL THEN ${t.seq} = 1 AND ${t.trigger} || '.' || ${t.toState} IN (${words(orderBirths)})
        ELSE ${t.seq} > 1 AND ${t.fromState} || '.' || ${t.trigger} || '.' || ${t.toState} IN (${words(orderEdges)})
      END`,
    ),
    check(
      'order_events_have_fulfilment',
      sql`(${t.fulfilmentId} IS NOT NULL) = (${oneOf(t.toState, statesWithFulfilment)})`,
    ),
  ],
);

export const compensationStatuses = ['due', 'done', 'stuck'] as const;

/** The command to give back what was paid for an order that cannot be sent; its id is the fulfilment's. */
export const compensations = pgTable(
  'compensations',
  {
    id: id().primaryKey(),
    orderId: id().notNull(),
    merchantId: id().notNull(),
    paymentId: id().notNull(),
    status: text().$type<(typeof compensationStatuses)[number]>().notNull(),
    /** Counts refunds asked for: a new one for what an ended one has left, or by a person's word. Part of its key. */
    attempt: integer().notNull(),
    /** The refund of this attempt, once it is known to be on record. */
    refundId: id(),
    tries: integer().notNull(),
    nextAt: moment().notNull(),
    openedAt: moment().notNull(),
    closedAt: moment(),
    /** Why it is stuck. */
    reason: text(),
    alertedAt: moment(),
  },
  (t) => [
    uniqueIndex('compensations_order').on(t.orderId),
    index('compensations_due').on(t.nextAt).where(sql`${t.status} = 'due'`),
    index('compensations_stuck').on(t.id).where(sql`${t.status} = 'stuck'`),
    index('compensations_alerted').on(t.id).where(sql`${t.alertedAt} IS NOT NULL`),
    foreignKey({
      name: 'compensations_of_their_fulfilment',
      columns: [t.id, t.orderId],
      foreignColumns: [fulfilments.id, fulfilments.orderId],
    }),
    check('compensations_status', oneOf(t.status, compensationStatuses)),
    check('compensations_closed', sql`(${t.closedAt} IS NOT NULL) = (${t.status} = 'done')`),
  ],
);
