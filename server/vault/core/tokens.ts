import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { type Random, sha256, unguessable } from '#server/kernel/secret.ts';
import { type Brand, brandOf } from '../frame/card.ts';
import { type Card, requireCard } from './card-input.ts';
import type { VaultSql } from './database.ts';
import type { Keyring } from './keyring.ts';
import { makeLookUp } from './look-up.ts';
import { makePutAway, type PutAway } from './put-away.ts';
import { covers, type Scope, type Use, unusable } from './scope.ts';
import { testNumber } from './test-cards.ts';
import type { TokenRecord } from './token-record.ts';
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
  const lookUp = makeLookUp(seams);
  const putAway = makePutAway(seams);
  const expiry = () => new Date(clock.now().getTime() + tokenLife);
  const store = (card: NewToken) => keep(seams, putAway, card);
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
      const scope = await lookUp.grant(grant);
      if (!scope) throw unusable();
      return store({ card, scope, expiresAt: expiry(), grant });
    },

    /** A token for one of the published test cards, such as `pm_card_visa`, with a code that its issuer takes. */
    async testToken(name: string, scope: Scope): Promise<string> {
      if (!seams.testMode) throw new Refusal('not_found', 'Test cards exist in test mode alone.');
      const number = testNumber(name);
      const code = brandOf(number) === 'amex' ? '1234' : '123';
      const card = { number, expMonth: 12, expYear: clock.now().getUTCFullYear() + 3, code };
      return (await store({ card, scope, expiresAt: expiry() })).token;
    },

    /** @throws Refusal `token_unusable` where it may not be used like this. Looking does not use it up. */
    async find(token: string, use: Use): Promise<TokenRecord> {
      const record = await lookUp.token(token);
      if (!record || !covers(record, use)) throw unusable();
      return record;
    },
  };
}

interface NewToken {
  card: Card;
  scope: Scope;
  expiresAt: Date;
  /** The one that pays for it. */
  grant?: string;
}

async function keep(seams: TokenSeams, putAway: PutAway, { card, scope, expiresAt, grant }: NewToken) {
  const { keyring, codes, clock, ids, random, holder } = seams;
  const { number, expMonth, expYear, code } = card;
  const { merchantId } = scope;
  const brand = brandOf(number);
  invariant(brand, 'a card is checked before it is stored');
  const id = ids();
  const token = `pm_${unguessable(random)}`;
  const last4 = number.slice(-4);
  const stored = await putAway({
    id,
    hash: sha256(token),
    grant: grant === undefined ? undefined : sha256(grant),
    ...scope,
    mac: keyring.hash(number, merchantId),
    freshName: unguessable(random, 16),
    sealed: keyring.seal(number, { merchantId, id }),
    brand,
    last4,
    expMonth,
    expYear,
    holder,
    expiresAt,
    createdAt: clock.now(),
  });
  if (!stored) throw unusable();
  codes.hold(id, code, expiresAt);
  return { id, token, brand, last4, scope };
}
