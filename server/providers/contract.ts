import type { Currency } from '#server/kernel/money.ts';
import type { Secret } from '#server/kernel/secret.ts';
import type { Exchange, Outcome } from './outcome.ts';

/** One operation as a provider is asked for it. Amounts are minor units. */
export interface Order {
  /** Its id; with the step it is the idempotency key that is sent. */
  operation: string;
  /** 1 at first; going on after a 3-D Secure challenge is 2. */
  step: number;
  kind: 'authorize' | 'capture' | 'void' | 'refund' | 'cancel';
  payment: string;
  merchantId: string;
  intentId: string;
  amount: bigint;
  currency: Currency;
  /** What the merchant and the provider both see on their side: the payment's shown id. */
  reference: string;
  /** The provider's ids of what went before. */
  authorizationRef?: string;
  captureRef?: string;
  /** Of a cancel: the key of the request that it blocks. */
  blocks?: string;
  /** Of an authorization: where the shopper's browser goes on after a challenge. */
  returnUrl?: string;
}

/** The idempotency key of an order, which the vault's egress sends with it. */
export function keyOf({ operation, step }: Pick<Order, 'operation' | 'step'>): string {
  return `${operation}-${step}`;
}

/** A request as it is stored and sent: where the card belongs stand placeholders that only the vault fills in. */
export interface ProviderRequest {
  method: string;
  path: string;
  body?: Record<string, unknown>;
}

export interface ProviderAnswer {
  status: number;
  body: unknown;
  milliseconds: number;
}

/** A question to a provider, and how its answer reads. */
export interface Ask {
  request: ProviderRequest;
  read(answer: ProviderAnswer): Outcome;
  /** Of an inquiry whose answer was a part of a list, and nothing of ours in it: the question for the next part. */
  onward?(answer: ProviderAnswer): Ask | undefined;
}

/** What a provider promises; times in milliseconds. */
export interface Capabilities {
  /** How long it remembers an idempotency key. */
  keyLifetime: number;
  /** How long a request may still be under way after it was sent. */
  maxInFlight: number;
  /** How late an inquiry may see what has happened. */
  inquiryLag: number;
  /** A cancel by key also blocks a request that arrives later. */
  tombstone: boolean;
  /** A cancel ends a challenge that its shopper does not answer; elsewhere it ends with the bank's own time. */
  cancelsChallenges: boolean;
  partialCapture: boolean;
  partialRefund: boolean;
  /** How long an authorization holds the money. */
  authorizationLifetime: number;
}

/**
 * Five pure functions and a set of capabilities: a provider opens no connection and keeps no state. Beside them stands
 * how it calls us, and how a request of ours is blocked, where that can be.
 */
export interface Provider {
  name: string;
  capabilities: Capabilities;
  authorize(order: Order): Ask;
  capture(order: Order): Ask;
  void(order: Order): Ask;
  refund(order: Order): Ask;
  /** Asks by the key. `absent` is what the provider sees now: final only after `maxInFlight` and `inquiryLag`. */
  inquire(order: Order): Ask;
  /**
   * Where `capabilities.tombstone`: blocks the request whose key is `order.blocks`, also one that arrives later. Where
   * `cancelsChallenges` alone: ends the challenge that `order.authorizationRef` names. Accepted: nothing of it is in
   * effect, or ever will be. Refused: too late, it was done.
   */
  cancel?(order: Order): Ask;
  /** Verifies and reads what the provider sent us. Throws nothing: what is wrong comes back as a rejection. */
  readWebhook(webhook: RawWebhook, told: { secrets: readonly Secret<string>[]; now: Date }): ReadWebhook;
}

/** A webhook as it came over the wire. Header names are in small letters. */
export interface RawWebhook {
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** Why a webhook is not believed. */
export type WebhookFault = 'signature_missing' | 'signature_wrong' | 'too_old' | 'in_future' | 'malformed';

export type ReadWebhook =
  | { kind: 'rejected'; fault: WebhookFault }
  /** `say` is undefined where it tells nothing about money, such as a ping. */
  | { kind: 'verified'; eventId: string; signedAt: Date; say: Say | undefined };

/** What a provider says unasked: by a webhook, later by a settlement line. Amounts are minor units. */
export type Say =
  /** What became of an operation of ours, by our key. */
  | { about: 'operation'; key: string; kind: Exclude<Order['kind'], 'cancel'>; outcome: Outcome }
  /** A refund that we did not ask for, made in the provider's own console. */
  | ({ about: 'foreign_refund'; refundRef: string } & OfCapture)
  | ({ about: 'chargeback'; chargebackRef: string } & OfCapture);

interface OfCapture {
  captureRef: string;
  amount: bigint;
  currency: Currency;
  exchange: Exchange;
}

/** One send of an order: the request as it was stored, committed before it leaves. */
export interface Send {
  request: ProviderRequest;
  /** 1 for the first send of this step. */
  send: number;
  /** The vault lets nothing leave after this. */
  sendBefore: Date;
  /** The card's token, for an authorisation. */
  token?: string;
  /** Another provider may be asked after a retryable no: the vault then keeps the verification code for it. */
  more?: boolean;
}

/** How a provider has been doing, in the eyes of one process. */
export interface ProviderHealth {
  name: string;
  /** The breaker of new charges: `half_open` lets one through to see. */
  charges: 'closed' | 'open' | 'half_open';
  /** Of the last authorizations that got an answer, 0 to 1; null before there were any. */
  successRate: number | null;
}

/** The room's port: what the payments room, and a simulation in its place, calls. */
export interface Providers {
  names(): string[];
  capabilities(provider: string): Capabilities;
  /** As this process sees them now: what routing is handed. */
  health(): ProviderHealth[];
  readWebhook(
    provider: string,
    webhook: RawWebhook,
    told: { secrets: readonly Secret<string>[]; now: Date },
  ): ReadWebhook;
  /** The request to store with the operation. */
  request(provider: string, order: Order): ProviderRequest;
  send(provider: string, order: Order, send: Send): Promise<Outcome>;
  /**
   * Asks by our key what became of it. `absent` is what the provider sees now: the caller concludes from it only after
   * the last send + `maxInFlight` + `inquiryLag`.
   */
  inquire(provider: string, order: Order): Promise<Outcome>;
}
