import type { Currency } from '#server/kernel/money.ts';
import type { Outcome } from './outcome.ts';

/** One operation as a provider is asked for it. Amounts are minor units. */
export interface Order {
  /** Its id; with the step it is the idempotency key that is sent. */
  operation: string;
  /** 1 at first; going on after a 3-D Secure challenge is 2. */
  step: number;
  kind: 'authorize' | 'capture' | 'void' | 'refund';
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
  partialCapture: boolean;
  partialRefund: boolean;
}

/** Five pure functions and a set of capabilities: a provider opens no connection and keeps no state. */
export interface Provider {
  name: string;
  capabilities: Capabilities;
  authorize(order: Order): Ask;
  capture(order: Order): Ask;
  void(order: Order): Ask;
  refund(order: Order): Ask;
  /** Asks by the key. `absent` is what the provider sees now: final only after `maxInFlight` and `inquiryLag`. */
  inquire(order: Order): Ask;
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
}

/** The room's port: what the payments room, and a simulation in its place, calls. */
export interface Providers {
  names(): string[];
  capabilities(provider: string): Capabilities;
  /** The request to store with the operation. */
  request(provider: string, order: Order): ProviderRequest;
  send(provider: string, order: Order, send: Send): Promise<Outcome>;
  /**
   * Asks by our key what became of it. `absent` is what the provider sees now: the caller concludes from it only after
   * the last send + `maxInFlight` + `inquiryLag`.
   */
  inquire(provider: string, order: Order): Promise<Outcome>;
}
