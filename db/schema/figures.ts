import { integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { id, minorUnits, moment } from './columns.ts';

/**
 * What a merchant's payments came to in one hour at one provider, in one currency; added up from the event log. An
 * event counts in the hour in which it happened, so that an authorization may be asked in one hour and answered in the
 * next.
 */
export const hourlyFigures = pgTable(
  'hourly_figures',
  {
    merchantId: id().notNull(),
    /** Its first millisecond, UTC. */
    hour: moment().notNull(),
    provider: text().notNull(),
    currency: text().notNull(),
    /** Authorizations: asked for, and what became of them. */
    asked: integer().notNull(),
    approved: integer().notNull(),
    declined: integer().notNull(),
    unanswered: integer().notNull(),
    authorized: minorUnits().notNull(),
    captures: integer().notNull(),
    captured: minorUnits().notNull(),
    refunds: integer().notNull(),
    refunded: minorUnits().notNull(),
    /** How many authorizations were answered within each of the bounds of `server/figures/latency.ts`, or later. */
    answersWithin: integer().array().notNull(),
  },
  (t) => [primaryKey({ columns: [t.merchantId, t.hour, t.provider, t.currency] })],
);
