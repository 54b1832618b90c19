import { Refusal } from '#server/kernel/refusal.ts';

/** What a grant or token may be used for: one intent of one merchant, in one currency, up to so many minor units. */
export interface Scope {
  merchantId: string;
  intentId: string;
  currency: string;
  maxAmount: bigint;
}

/** What somebody wants to do with it. */
export interface Use {
  merchantId: string;
  intentId: string;
  currency: string;
  amount: bigint;
}

export function covers(scope: Scope, use: Use): boolean {
  return (
    scope.merchantId === use.merchantId &&
    scope.intentId === use.intentId &&
    scope.currency === use.currency &&
    use.amount > 0n &&
    use.amount <= scope.maxAmount
  );
}

/** One sentence for unknown, expired, used and out of scope: which of them it is helps nobody but a thief. */
export function unusable(): Refusal {
  return new Refusal('token_unusable', 'This card token is unknown, expired, used, or not meant for this payment.');
}
