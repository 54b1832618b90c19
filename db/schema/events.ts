import { sql } from 'drizzle-orm';
import { check, customType, index, integer, jsonb, pgTable, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { legalSteps } from '../../server/payments/core/machine.ts';
import { id, minorUnits, moment } from './columns.ts';
import { words } from './words.ts';

const transactionId = customType<{ data: string }>({ dataType: () => 'xid8' });

const steps = legalSteps();
const births = steps.filter((step) => step.from === null).map((step) => `${step.trigger}.${step.to}`);
const edges = steps.filter((step) => step.from !== null).map((step) => `${step.from}.${step.trigger}.${step.to}`);

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
    index('events_log').on(t.tx, t.paymentId, t.seq),
    // One word per edge, since PostgreSQL looks a word up in a hashed list but walks a list of rows.
    check(
      'events_legal',
      sql`CASE
        WHEN ${t.fromState} IS NULL THEN ${t.seq} = 1 AND ${t.trigger} || '.' || ${t.toState} IN (${words(births)})
        ELSE ${t.seq} > 1 AND ${t.fromState} || '.' || ${t.trigger} || '.' || ${t.toState} IN (${words(edges)})
      END`,
    ),
  ],
);
