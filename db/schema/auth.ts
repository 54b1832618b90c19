import { sql } from 'drizzle-orm';
import { check, index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, moment } from './columns.ts';
import { oneOf } from './words.ts';

export const modes = ['test', 'live'] as const;
export const roles = ['owner', 'finance', 'support'] as const;

/** A tenant; every row of money belongs to one. */
export const merchants = pgTable('merchants', {
  id: id().primaryKey(),
  name: text().notNull(),
  /** What a new payment is in where nothing else is said. */
  currency: text().notNull(),
  createdAt: moment().notNull(),
});

/** A merchant's secret keys. The key itself is shown once, when it is made, and kept nowhere. */
export const apiKeys = pgTable(
  'api_keys',
  {
    id: id().primaryKey(),
    merchantId: id()
      .notNull()
      .references(() => merchants.id),
    mode: text().$type<(typeof modes)[number]>().notNull(),
    /** SHA-256, hex. A plain hash is enough: the key is 192 random bits, which nobody guesses. */
    hash: text().notNull(),
    /** To tell keys apart on a page. */
    last4: text().notNull(),
    createdAt: moment().notNull(),
    revokedAt: moment(),
  },
  (t) => [
    uniqueIndex('api_keys_hash').on(t.hash),
    index('api_keys_merchant_id').on(t.merchantId, t.id),
    check('api_keys_mode', oneOf(t.mode, modes)),
    check('api_keys_hash_length', sql`length(${t.hash}) = 64`),
  ],
);

/** A person who may sign in to the console of one merchant. */
export const staff = pgTable(
  'staff',
  {
    id: id().primaryKey(),
    merchantId: id()
      .notNull()
      .references(() => merchants.id),
    /** In small letters; what people sign in with. */
    email: text().notNull(),
    name: text().notNull(),
    role: text().$type<(typeof roles)[number]>().notNull(),
    /** Argon2id in PHC format: its parameters travel with it. */
    passwordHash: text().notNull(),
    createdAt: moment().notNull(),
    disabledAt: moment(),
  },
  (t) => [
    uniqueIndex('staff_email').on(t.email),
    index('staff_merchant_id').on(t.merchantId, t.id),
    check('staff_role', oneOf(t.role, roles)),
    check('staff_email_small', sql`${t.email} = lower(${t.email})`),
    check('staff_password_hash', sql`${t.passwordHash} LIKE '$argon2id$%'`),
  ],
);

/** One sign-in of one person, on one browser. */
export const staffSessions = pgTable(
  'staff_sessions',
  {
    /** SHA-256, hex, of the session id: whoever reads this table can't sit in anybody's seat. */
    idHash: text().primaryKey(),
    staffId: id()
      .notNull()
      .references(() => staff.id),
    createdAt: moment().notNull(),
    seenAt: moment().notNull(),
    /** However busy it is, it ends here. */
    expiresAt: moment().notNull(),
    revokedAt: moment(),
  },
  (t) => [
    index('staff_sessions_staff').on(t.staffId),
    check('staff_sessions_id_hash_length', sql`length(${t.idHash}) = 64`),
    check('staff_sessions_expiry', sql`${t.expiresAt} > ${t.createdAt}`),
  ],
);

/** Failed sign-ins, counted by account and by address; a row is worth nothing after `until`. */
export const signInFailures = pgTable(
  'sign_in_failures',
  {
    /** `account:` and the SHA-256 of what was typed as email (maybe a password), or `address:` and an IP address. */
    key: text().primaryKey(),
    failures: integer().notNull(),
    until: moment().notNull(),
  },
  (t) => [index('sign_in_failures_until').on(t.until), check('sign_in_failures_counted', sql`${t.failures} >= 0`)],
);
