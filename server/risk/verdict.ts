import type { Currency } from '#server/kernel/money.ts';

/** What is asked about: one payment before any provider hears of it. */
export interface Question {
  merchantId: string;
  amount: bigint;
  currency: Currency;
  /** The vault's stand-in for the card number. */
  fingerprint: string;
  /** The shopper's network address, where a shopper is there. */
  address: string | null;
}

export interface Verdict {
  id: string;
  /** `review`: authorize, and let a person look before anything is captured. */
  decision: 'approve' | 'review' | 'reject';
  /** 0 to 100: the weight of the rules that spoke against it. */
  score: number;
  /** One line per rule that spoke, in words for the timeline. */
  reasons: { rule: string; says: string }[];
  fingerprint: string;
  address: string | null;
  amount: bigint;
}
