import type { Clock } from '#server/kernel/clock.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { CardUse, CardView, GrantScope } from '#server/vault-client/vault-client.ts';
import { type CardName, cards } from '../plan.ts';

/** A token's record, and the verification code as long as it is held. */
export interface Token {
  /** Place of its payment in the plan. */
  n: number | undefined;
  number: string;
  code: string | undefined;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** What it may be used for: from its grant, or else its first use. */
  scope: GrantScope | undefined;
  /** The first payment that was sent with it. */
  paymentId: string | undefined;
}

export interface Tokens {
  /** The same text for the same card of the same payment. */
  ofPlan(n: number, card: CardName): string;
  /** A token of a published test card. @throws Refusal `invalid_input` where the name is none of those below. */
  ofTestCard(name: string, scope: GrantScope): string;
  /** Place of its payment in the plan, whatever it may be used for. */
  placeOf(token: string | undefined): number | undefined;
  /** @throws Refusal `token_unusable` */
  find(token: string, use: CardUse): Token;
  describe(token: string, use: CardUse): CardView;
  /** Ends the verification codes of the tokens that this payment has used. */
  dropCodes(paymentId: string): void;
}

const lifetime = 15 * 60_000;

/** Published names that tests of the contract use. */
const named: Record<string, string> = {
  pm_card_visa: cards.good,
  pm_card_chargeDeclined: cards.declined,
  pm_card_chargeDeclinedInsufficientFunds: cards.insufficient,
  pm_card_visa_chargeDeclinedStolenCard: '4000000000009979',
  pm_card_chargeDeclinedProcessingError: '4000000000000119',
  pm_card_threeDSecure2Required: cards.challenged,
  pm_card_threeDSecureRequiredChargeDeclined: '4000008400001629',
};

/** Tokens in memory. A token of the plan had no grant: the first use of it says what it was granted for. */
export function makeTokens(clock: Pick<Clock, 'now'>): Tokens {
  const tokens = new Map<string, Token>();

  function add(name: string, number: string, more: Pick<Token, 'n' | 'scope'>): string {
    const expiresAt = clock.now().getTime() + lifetime;
    tokens.set(name, { ...more, number, code: '123', expiresAt, paymentId: undefined });
    return name;
  }

  function find(name: string, use: CardUse): Token {
    const token = tokens.get(name);
    if (!token || token.expiresAt <= clock.now().getTime()) throw unusable();
    token.scope ??= { ...use, maxAmount: use.amount };
    if (!covers(token.scope, use)) throw unusable();
    return token;
  }

  return {
    ofPlan(n, card) {
      const name = `pm_${n}_${card}`;
      return tokens.has(name) ? name : add(name, cards[card], { n, scope: undefined });
    },
    ofTestCard(name, scope) {
      const number = named[name];
      if (!number) throw new Refusal('invalid_input', `No such test card: '${name}'`, { param: 'payment_method' });
      return add(`pm_test_${tokens.size}`, number, { n: undefined, scope });
    },
    placeOf: (name) => tokens.get(name ?? '')?.n,
    find,
    describe(name, use) {
      const { number } = find(name, use);
      const fingerprint = sha256(`${use.merchantId}/${number}`).toString('base64url').slice(0, 22);
      const expYear = clock.now().getUTCFullYear() + 3;
      return { brand: 'visa', last4: number.slice(-4), expMonth: 12, expYear, fingerprint };
    },
    dropCodes(paymentId) {
      for (const token of tokens.values()) if (token.paymentId === paymentId) token.code = undefined;
    },
  };
}

function covers(scope: GrantScope, { merchantId, intentId, currency, amount }: CardUse): boolean {
  const same = scope.merchantId === merchantId && scope.intentId === intentId && scope.currency === currency;
  return same && amount > 0n && amount <= scope.maxAmount;
}

function unusable(): Refusal {
  return new Refusal('token_unusable', 'This card token is unknown, expired, used, or not meant for this payment.');
}
