import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Random, sha256, unguessable } from '#server/kernel/secret.ts';
import { type Brand, brandOf } from '../frame/card.ts';
import { type Card, requireCard } from './card-input.ts';
import type { VaultSql } from './database.ts';
import { fingerprintOf } from './fingerprints.ts';
import type { Keyring } from './keyring.ts';
import { covers, type Scope, type Use, unusable } from './scope.ts';
import { testNumber } from './test-cards.ts';
import type { VerificationCodes } from './verification-codes.ts';

const tokenLife = 15 * 60_000;

export interface TokenSeams {
  sql: VaultSql;
  keyring: Keyring;
  codes: VerificationCodes;
  clock: Clock;
  ids: Ids;
  random: Random;
  testMode: boolean;
  /** Internal URL of this process: other vaults forward to it what needs a code that only it holds. */
  holder: string;
}

/** A token's record, the sealed number included. */
export interface TokenRecord extends Scope {
  id: string;
  sealed: Buffer;
  brand: Brand;
  last4: string;
  expMonth: number;
  expYear: number;
  fingerprint: string;
  holder: string;
  paymentId: string | null;
}

/** What may be told of a card. */
export interface CardView {
  brand: Brand;
  last4: string;
  expMonth: number;
  expYear: number;
  fingerprint: string;
}

export interface Tokenised {
  id: string;
  token: string;
  brand: Brand;
  last4: string;
  scope: Scope;
}

export type Tokens = ReturnType<typeof makeTokens>;

/** Grants, and the tokens that cards are turned into. Of both only a SHA-256 is kept. */
export function makeTokens(seams: TokenSeams) {
  const { sql, clock, random } = seams;
  const expiry = () => new Date(clock.now().getTime() + tokenLife);
  return {
    /** The frame's permission to tokenise one card for this scope, within 15 minutes. */
    async grantFrame(scope: Scope): Promise<{ grant: string; expiresAt: Date }> {
      const grant = unguessable(random);
      const expiresAt = expiry();
      await sql`
        INSERT INTO grants (hash, merchant_id, intent_id, currency, max_amount, expires_at)
        VALUES (${sha256(grant)}, ${scope.merchantId}, ${scope.intentId}, ${scope.currency}, ${scope.maxAmount}, ${expiresAt})`;
      return { grant, expiresAt };
    },

    /** Uses up the grant, unless the card is refused: then the shopper corrects it and tries again. */
    async tokenise(grant: string, card: Card): Promise<Tokenised> {
      requireCard(card, { now: clock.now(), testMode: seams.testMode });
      const hash = sha256(grant);
      const [scope] = await sql<Scope[]>`
        SELECT merchant_id AS "merchantId", intent_id AS "intentId", currency, max_amount AS "maxAmount"
        FROM grants WHERE hash = ${hash} AND expires_at > ${clock.now()}`;
      if (!scope) throw unusable();
      return store(seams, { card, scope, expiresAt: expiry(), grantHash: hash });
    },

    /** A token for one of the published test cards, such as `pm_card_visa`, with a code that its issuer takes. */
    async testToken(name: string, scope: Scope): Promise<string> {
      if (!seams.testMode) throw new Refusal('not_found', 'Test cards exist in test mode alone.');
      const number = testNumber(name);
      const code = brandOf(number) === 'amex' ? '1234' : '123';
      const card = { number, expMonth: 12, expYear: clock.now().getUTCFullYear() + 3, code };
      return (await store(seams, { card, scope, expiresAt: expiry() })).token;
    },

    /** @throws Refusal `token_unusable` where it may not be used like this. Looking does not use it up. */
    async find(token: string, use: Use): Promise<TokenRecord> {
      const [record] = await sql<TokenRecord[]>`
        SELECT id, merchant_id AS "merchantId", intent_id AS "intentId", currency, max_amount AS "maxAmount", sealed, brand,
          last4, exp_month AS "expMonth", exp_year AS "expYear", fingerprint, holder, payment_id AS "paymentId"
        FROM tokens WHERE hash = ${sha256(token)} AND expires_at > ${clock.now()}`;
      if (!record || !covers(record, use)) throw unusable();
      return record;
    },
  };
}

interface NewToken {
  card: Card;
  scope: Scope;
  expiresAt: Date;
  /** The grant that pays for it. */
  grantHash?: Buffer;
}

async function store(seams: TokenSeams, { card, scope, expiresAt, grantHash }: NewToken): Promise<Tokenised> {
  const { sql, keyring, codes, clock, ids, random, holder } = seams;
  const brand = brandOf(card.number);
  invariant(brand, 'a card is checked before it is stored');
  const id = ids();
  const token = `pm_${unguessable(random)}`;
  const last4 = card.number.slice(-4);
  const fingerprint = await fingerprintOf(sql, {
    merchantId: scope.merchantId,
    mac: keyring.hash(card.number, scope.merchantId),
    random,
  });
  const sealed = keyring.seal(card.number, { merchantId: scope.merchantId, id });
  // One statement: of two requests with one grant, one deletes it and the other stores nothing.
  const stored = await sql`
    WITH paid AS (DELETE FROM grants WHERE hash = ${grantHash ?? null} RETURNING 1)
    INSERT INTO tokens (id, hash, merchant_id, intent_id, currency, max_amount, expires_at, sealed, brand, last4, exp_month,
      exp_year, fingerprint, holder, created_at)
    SELECT ${id}, ${sha256(token)}, ${scope.merchantId}, ${scope.intentId}, ${scope.currency}, ${scope.maxAmount},
      ${expiresAt}, ${sealed}, ${brand}, ${last4}, ${card.expMonth}, ${card.expYear}, ${fingerprint}, ${holder}, ${clock.now()}
    WHERE ${!grantHash} OR EXISTS (SELECT FROM paid)
    RETURNING id`;
  if (stored.length === 0) throw unusable();
  codes.hold(id, card.code, expiresAt);
  return { id, token, brand, last4, scope };
}
