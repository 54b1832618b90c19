import { sql } from 'drizzle-orm';
import { check, customType, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** A key that was claimed in the commit of a change, and the answer that was given, to be given again. */
export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    merchantId: id().notNull(),
    key: text().notNull(),
    fingerprint: bytes().notNull(),
    /**
     * What the change made or moved, so that a request whose answer was lost can be answered from its present state.
     */
    subjectKind: text().notNull(),
    subjectId: id().notNull(),
    claimedAt: moment().notNull(),
    answeredAt: moment(),
    status: integer(),
    body: text(),
    request: text(),
  },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.key] }),
    index('idempotency_keys_claimed_at').using('brin', t.claimedAt),
    check('idempotency_keys_key', sql`length(${t.key}) BETWEEN 1 AND 255`),
    check(
      'idempotency_keys_answer',
      sql`(${t.answeredAt} IS NULL) = (${t.body} IS NULL) AND (${t.status} IS NULL) = (${t.body} IS NULL)`,
    ),
  ],
);
