import type { Currency } from '#server/kernel/money.ts';

/** One payment on its way to a provider. */
export interface Wish {
  /** Its id, by which shares are split: asked again, the same payment gets the same plan. */
  payment: string;
  /** Minor units. */
  amount: bigint;
  currency: Currency;
  brand: string;
  /** ISO 3166-1 alpha-2, of the card's issuer; left out where it is not known. */
  country?: string;
}

/** How a provider has been doing; as `providers.health()` tells it. */
export interface Health {
  name: string;
  /** Of its breaker: `half_open` takes one charge, to see. */
  charges: 'closed' | 'open' | 'half_open';
  /** Of the last authorizations that got an answer, 0 to 1; null before there were any. */
  successRate: number | null;
}

/** What a provider takes, and for how much; as the operator sets it. */
export interface Offer {
  name: string;
  /** Empty or left out: every currency. */
  currencies?: readonly Currency[] | undefined;
  /** Hundredths of a per cent of the amount. */
  feeBasisPoints: number;
  /** Minor units. */
  feeFixed: number;
}

/** A provider as routing sees it: everything that it knows was handed to it. */
export type Candidate = Health & Offer;
