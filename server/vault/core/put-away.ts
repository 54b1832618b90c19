import type { Clock } from '#server/kernel/clock.ts';
import { ofQuestions, together } from '#server/kernel/lane.ts';
import { isOfOneRow, type VaultSql } from './database.ts';
import type { TokenRecord } from './token-record.ts';

/** A card to be stored under its token. */
export interface Sealed extends Omit<TokenRecord, 'fingerprint' | 'paymentId'> {
  /** SHA-256 of the token. */
  hash: Buffer;
  /** SHA-256 of the grant that pays for it; undefined where none is asked for. */
  grant: Buffer | undefined;
  /** The card's keyed hash for this merchant. */
  mac: Buffer;
  /** The merchant's name for the card, should it have none yet. */
  freshName: string;
  expiresAt: Date;
  createdAt: Date;
}

/** Whether it was stored: not where its grant is gone. */
export type PutAway = (card: Sealed) => Promise<boolean>;

/**
 * Stores cards, those that come together in one commit, which also uses up their grants and gives their merchants a
 * name for each. That name is random, so that nothing outside the vault is derived from a card number: the same card
 * gets the same one, another merchant another one.
 */
export function makePutAway({ sql, clock }: { sql: VaultSql; clock: Clock }): PutAway {
  const store = (cards: readonly Sealed[]) => insert(sql, cards);
  const inOne = together({ ...ofQuestions, clock, isOfOne: isOfOneRow }, store);
  const paying = new Set<string>();

  async function stored(card: Sealed): Promise<boolean> {
    const grant = card.grant?.toString('hex');
    if (grant === undefined) return inOne(card);
    // One statement does not see that it has used a grant up: two with one grant never share one.
    if (paying.has(grant)) return (await store([card]))[0] === true;
    paying.add(grant);
    return inOne(card).finally(() => paying.delete(grant));
  }

  // Where somebody else named the card in that moment, the statement does not see it. The next one does.
  return async (card) => (await stored(card)) || stored(card);
}

/** By place. Names are made in the order of their keys: two batches that wait for each other do so one way only. */
async function insert(sql: VaultSql, cards: readonly Sealed[]): Promise<boolean[]> {
  const rows = await sql<{ n: number }[]>`
    WITH cards AS (
      SELECT * FROM json_to_recordset(${JSON.stringify(cards.map(rowOf))}::text::json)
        AS c (n int, id uuid, hash bytea, "grant" bytea, mac bytea, "freshName" text, "merchantId" uuid, "intentId" uuid,
          currency text, "maxAmount" bigint, "expiresAt" timestamptz, sealed bytea, brand text, last4 text,
          "expMonth" smallint, "expYear" smallint, holder text, "createdAt" timestamptz)
    ), known AS (
      SELECT c.n, f.fingerprint FROM cards c CROSS JOIN LATERAL (
        SELECT fingerprint FROM fingerprints WHERE merchant_id = c."merchantId" AND mac = c.mac LIMIT 1) AS f
    ), made AS (
      INSERT INTO fingerprints (merchant_id, mac, fingerprint)
      SELECT DISTINCT ON ("merchantId", mac) "merchantId", mac, "freshName" FROM cards c
      WHERE NOT EXISTS (SELECT FROM known k WHERE k.n = c.n) ORDER BY "merchantId", mac
      ON CONFLICT (merchant_id, mac) DO NOTHING RETURNING merchant_id, mac, fingerprint
    ), named AS (
      SELECT n, fingerprint FROM known
      UNION ALL SELECT c.n, m.fingerprint FROM cards c JOIN made m ON m.merchant_id = c."merchantId" AND m.mac = c.mac
    ), paid AS (
      DELETE FROM grants WHERE hash = ANY (ARRAY(SELECT "grant" FROM cards JOIN named USING (n))) RETURNING hash
    ), stored AS (
      INSERT INTO tokens (id, hash, merchant_id, intent_id, currency, max_amount, expires_at, sealed, brand, last4,
        exp_month, exp_year, fingerprint, holder, created_at)
      SELECT id, hash, "merchantId", "intentId", currency, "maxAmount", "expiresAt", sealed, brand, last4,
        "expMonth", "expYear", fingerprint, holder, "createdAt"
      FROM cards c JOIN named USING (n)
      WHERE "grant" IS NULL OR EXISTS (SELECT FROM paid p WHERE p.hash = c."grant")
      RETURNING id
    )
    SELECT n FROM stored JOIN cards USING (id)`;
  const stored = new Set(rows.map(({ n }) => n));
  return cards.map((_, n) => stored.has(n));
}

const bytes = (buffer: Buffer) => `\\x${buffer.toString('hex')}`;

function rowOf(card: Sealed, n: number) {
  const { hash, grant, mac, sealed, maxAmount, ...plain } = card;
  return {
    ...plain,
    n,
    hash: bytes(hash),
    grant: grant && bytes(grant),
    mac: bytes(mac),
    sealed: bytes(sealed),
    maxAmount: String(maxAmount),
  };
}
