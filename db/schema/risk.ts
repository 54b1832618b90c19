import { boolean, check, index, integer, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { id, minorUnits, moment } from './columns.ts';
import { oneOf } from './words.ts';

/** A merchant's rules. What `settings` holds depends on the kind; `server/risk/rules.ts` reads it. */
export const riskRules = pgTable(
  'risk_rules',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    kind: text().notNull(),
    settings: jsonb().$type<Record<string, unknown>>().notNull(),
    enabled: boolean().notNull(),
    createdAt: moment().notNull(),
  },
  (t) => [index('risk_rules_merchant').on(t.merchantId)],
);

/** What risk said about one payment, and on what grounds; written in the commit that the verdict allowed or ended. */
export const riskVerdicts = pgTable(
  'risk_verdicts',
  {
    id: id().primaryKey(),
    merchantId: id().notNull(),
    paymentId: id().notNull(),
    decision: text().notNull(),
    score: integer().notNull(),
    reasons: jsonb().$type<{ rule: string; says: string }[]>().notNull(),
    /** What velocity is counted by. */
    fingerprint: text().notNull(),
    address: text(),
    amount: minorUnits().notNull(),
    currency: text().notNull(),
    at: moment().notNull(),
  },
  (t) => [
    index('risk_verdicts_fingerprint').on(t.merchantId, t.fingerprint, t.at),
    check('risk_verdicts_decision', oneOf(t.decision, ['approve', 'review', 'reject'])),
  ],
);
