import { z } from 'zod';

/** What a card may be, or is going to be, used for. Amounts are minor units. */
export interface GrantScope {
  merchantId: string;
  intentId: string;
  currency: string;
  maxAmount: bigint;
}

export interface CardUse {
  merchantId: string;
  intentId: string;
  currency: string;
  amount: bigint;
}

/** What may be told of a card. */
export const cardView = z.object({
  brand: z.string(),
  last4: z.string(),
  expMonth: z.number(),
  expYear: z.number(),
  /** The merchant's stable name for this card: the same card, the same name. */
  fingerprint: z.string(),
});

export type CardView = z.output<typeof cardView>;

/**
 * A provider's request on its way out. Where card data belongs stand the texts `{{card.number}}`, `{{card.exp_month}}`,
 * `{{card.exp_year}}` and `{{card.cvc}}`; the vault fills them in, sets the provider's credentials and the
 * Idempotency-Key `<operation>-<step>`.
 */
export interface Parcel {
  /** The operation's uuid. */
  operation: string;
  /** Going on after the cardholder was asked is step 2. */
  step: number;
  /** Counts the times that this step was sent; each (operation, step, send) of a POST leaves once at most. */
  send: number;
  /** ISO 8601. From this moment on it does not leave any more. */
  sendBefore: string;
  /** The payment's uuid: a token is good for the first payment that uses it. */
  payment: string;
  merchantId: string;
  intentId: string;
  /** Minor units as decimal text. */
  amount: string;
  currency: string;
  provider: string;
  method: 'GET' | 'POST';
  path: string;
  body?: Record<string, unknown> | undefined;
  /** `pm_…`, where the body asks for card data. */
  token?: string | undefined;
  /** Another provider may be asked after trouble with this one: the vault then keeps the verification code for it. */
  more?: boolean | undefined;
}

/**
 * What became of a parcel. `not_sent`: nothing left, for certain. `silent`: something left or may have left and there
 * is no answer, which tells nothing about the money.
 */
export type Sent =
  | { kind: 'answered'; status: number; body: unknown; milliseconds: number }
  | { kind: 'not_sent'; code: string; message: string }
  | { kind: 'silent'; why: string; milliseconds: number };

export const sent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answered'), status: z.number(), body: z.unknown(), milliseconds: z.number() }),
  z.object({ kind: z.literal('not_sent'), code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('silent'), why: z.string(), milliseconds: z.number() }),
]);
