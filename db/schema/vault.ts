import { sql } from 'drizzle-orm';
import { char, check, customType, index, pgTable, primaryKey, smallint, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { id, minorUnits, moment } from './columns.ts';

const bytes = customType<{ data: Buffer }>({ dataType: () => 'bytea' });

/** What a card may be used for: one intent of one merchant, up to an amount. */
const scope = () => ({
  merchantId: id().notNull(),
  intentId: id().notNull(),
  currency: char({ length: 3 }).notNull(),
  maxAmount: minorUnits().notNull(),
  expiresAt: moment().notNull(),
});

/** A frame's permission to turn one card into a token. Using it deletes it. Only the SHA-256 of the grant is kept. */
export const grants = pgTable('grants', { hash: bytes().primaryKey(), ...scope() }, (t) => [
  index('grants_expires_at').on(t.expiresAt),
  check('grants_hash', sql`octet_length(${t.hash}) = 32`),
  check('grants_max_amount', sql`${t.maxAmount} > 0`),
]);

/** A card for some minutes, sealed, and the SHA-256 of the token that stands for it. No verification code, ever. */
export const tokens = pgTable(
  'tokens',
  {
    id: id().primaryKey(),
    hash: bytes().notNull(),
    ...scope(),
    /** The card number under its own data key; see server/vault/core/seal.ts. */
    sealed: bytes().notNull(),
    brand: text().notNull(),
    last4: char({ length: 4 }).notNull(),
    expMonth: smallint().notNull(),
    expYear: smallint().notNull(),
    fingerprint: text().notNull(),
    /** Internal URL of the vault process whose memory holds the verification code. */
    holder: text().notNull(),
    /** The first payment that used it: from then on the only one. */
    paymentId: id(),
    createdAt: moment().notNull(),
  },
  (t) => [
    uniqueIndex('tokens_hash').on(t.hash),
    index('tokens_expires_at').on(t.expiresAt),
    check('tokens_hash_size', sql`octet_length(${t.hash}) = 32`),
    check('tokens_max_amount', sql`${t.maxAmount} > 0`),
    // 77 bytes of header, wrapped data key, nonce and tag around 12 to 19 digits: a plain number would be too short.
    check('tokens_sealed', sql`octet_length(${t.sealed}) BETWEEN 89 AND 96`),
    check('tokens_last4', sql`${t.last4} ~ '^[0-9]{4}$'`),
  ],
);

/**
 * A merchant's stable, random name for a card. The keyed hash stays in here: outside it would stand beside the last
 * four digits (PCI DSS 4.0.1, 3.5.1.1).
 */
export const fingerprints = pgTable(
  'fingerprints',
  { merchantId: id().notNull(), mac: bytes().notNull(), fingerprint: text().notNull() },
  (t) => [
    primaryKey({ columns: [t.merchantId, t.mac] }),
    uniqueIndex('fingerprints_fingerprint').on(t.fingerprint),
    check('fingerprints_mac', sql`octet_length(${t.mac}) = 32`),
  ],
);

/** A request that left, or may have left: written before the first byte goes out, so that no send leaves twice. */
export const sends = pgTable(
  'sends',
  {
    operationId: id().notNull(),
    step: smallint().notNull(),
    send: smallint().notNull(),
    paymentId: id().notNull(),
    tokenId: id(),
    provider: text().notNull(),
    caller: text().notNull(),
    takenAt: moment().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.operationId, t.step, t.send] }),
    index('sends_taken_at').using('brin', t.takenAt),
    check('sends_numbers', sql`${t.step} >= 0 AND ${t.send} >= 0`),
  ],
);
