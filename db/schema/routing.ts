import { sql } from 'drizzle-orm';
import { boolean, check, integer, jsonb, pgTable, unique } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';

/** A merchant's routing rules; the first that fits decides. `server/routing/rules.ts` reads what the columns hold. */
export const routingRules = pgTable(
  'routing_rules',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    /** From 1 on; the lowest is asked first. */
    position: integer().notNull(),
    conditions: jsonb().$type<Record<string, unknown>>().notNull(),
    choice: jsonb().$type<Record<string, unknown>>().notNull(),
    enabled: boolean().notNull(),
    createdAt: moment().notNull(),
  },
  (t) => [
    unique('routing_rules_position').on(t.merchantId, t.position),
    check('routing_rules_position_counts', sql`${t.position} >= 1`),
  ],
);
