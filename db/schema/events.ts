import { sql } from 'drizzle-orm';
import { check, customType, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { legalSteps } from '../../server/payments/core/machine.ts';
import { id, minorUnits, moment } from './columns.ts';
import { holds, type Law, listed, oneOf } from './words.ts';

const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });

const steps = legalSteps();
const births = steps.filter((step) => step.from === null).map((step) => `${step.trigger}.${step.to}`);
const edges = steps.filter((step) => step.from !== null).map((step) => `${step.from}.${step.trigger}.${step.to}`);

/** One word per edge, since PostgreSQL looks a word up in a hashed list but walks a list of rows. */
export const eventIsLegal: Law = {
  name: 'event_is_legal',
  takes: 'from_state text, trigger text, to_state text, seq int',
  says: `CASE
    WHEN from_state IS NULL THEN seq = 1 AND trigger || '.' || to_state IN (${listed(births)})
    ELSE seq > 1 AND from_state || '.' || trigger || '.' || to_state IN (${listed(edges)})
  END`,
};

/**
 * One appended fact about a payment: history, audit trail and outbox in one row. No process may change or delete one.
 */
export const events = pgTable(
  'events',
  {
    paymentId: id().notNull(),
    seq: integer().notNull(),
    id: id().notNull(),
    merchantId: id().notNull(),
    /**
     * Of which run of transaction ids `tx` is: dump and restore begin another. Given by the database, see the guards.
     */
    epoch: integer().notNull(),
    /**
     * The transaction that wrote it; what readers of the log order and fence by. Not time: virtual time can't move it.
     */
    tx: transactionId().notNull().default(sql`pg_current_xact_id()`),
    fromState: text(),
    trigger: text().notNull(),
    toState: text().notNull(),
    cause: text().notNull(),
    actorKind: text().notNull(),
    actorId: text(),
    operationId: id(),
    amount: minorUnits(),
    data: jsonb().$type<Record<string, unknown>>().notNull(),
    at: moment().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.paymentId, t.seq] }),
    uniqueIndex('events_id').on(t.id),
    index('events_log').on(t.epoch, t.tx, t.paymentId, t.seq),
    check('events_legal', holds(eventIsLegal, t.fromState, t.trigger, t.toState, t.seq)),
  ],
);

/** How far each consumer is: it has dealt with every event up to and including this place in the log. */
export const eventCursors = pgTable('event_cursors', {
  consumer: text().primaryKey(),
  epoch: integer().notNull(),
  tx: transactionId().notNull(),
  paymentId: id().notNull(),
  seq: integer().notNull(),
  movedAt: moment().notNull(),
});

export const parkedStatuses = ['trying', 'failed', 'behind'] as const;

/**
 * Events that a consumer passed over. `trying`: its effect failed and is tried again by itself. `failed`: that was
 * given up, a person may have it tried again. `behind`: an earlier event of its payment is parked, and it waits its
 * turn.
 */
export const parkedEvents = pgTable(
  'parked_events',
  {
    consumer: text().notNull(),
    paymentId: id().notNull(),
    seq: integer().notNull(),
    eventId: id().notNull(),
    merchantId: id().notNull(),
    status: text().notNull(),
    tries: integer().notNull(),
    tryAgainAt: moment(),
    error: text(),
    parkedAt: moment().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.consumer, t.paymentId, t.seq] }),
    uniqueIndex('parked_events_event').on(t.consumer, t.eventId),
    index('parked_events_merchant').on(t.merchantId, t.parkedAt),
    index('parked_events_due')
      .on(t.consumer, t.tryAgainAt)
      .where(oneOf(t.status, ['trying'])),
    // What is in front of its payment is alone in being tried; two in front would be tried out of order.
    uniqueIndex('parked_events_one_in_front')
      .on(t.consumer, t.paymentId)
      .where(oneOf(t.status, ['trying', 'failed'])),
    check('parked_events_status', oneOf(t.status, parkedStatuses)),
    check('parked_events_due', sql`(${t.tryAgainAt} IS NOT NULL) = (${oneOf(t.status, ['trying'])})`),
  ],
);
