import type { Currency } from '#server/kernel/money.ts';
import type { CaptureMethod, CardView } from '#server/payments/view.ts';
import type { Decline } from './declines.ts';

export type SessionStatus = 'open' | 'complete' | 'expired';

/** One line of a cart, as a merchant asks for it. `unitAmount` in minor units of the session's currency. */
export interface LineItemInput {
  name: string;
  description?: string;
  unitAmount: bigint;
  quantity: number;
}

export interface LineItemView {
  id: string;
  name: string;
  description: string | null;
  unitAmount: bigint;
  quantity: number;
  /** `unitAmount` × `quantity`. */
  amount: bigint;
}

/** A session as its merchant sees it. */
export interface SessionView {
  id: string;
  /** `cs_test_…`: names the session in the merchant's books and opens nothing. */
  shownId: string;
  merchantId: string;
  status: SessionStatus;
  /** `paid` once the payment is captured, or authorised where the capture is manual. */
  paymentStatus: 'paid' | 'unpaid';
  /** Where to send the shopper, secret included; null once the session is closed. Never log it. */
  url: string | null;
  /** Null until somebody has tried to pay. */
  intentId: string | null;
  amount: bigint;
  currency: Currency;
  captureMethod: CaptureMethod;
  lineItems: LineItemView[];
  successUrl: string;
  cancelUrl: string | null;
  clientReferenceId: string | null;
  customerEmail: string | null;
  /** What the shopper typed when paying. */
  shopperEmail: string | null;
  metadata: Record<string, string>;
  createdAt: Date;
  expiresAt: Date;
}

/** Where a session stands, as its shopper needs to know it. */
export type Standing =
  /** Nothing taken; `declined` says how the last attempt ended, if one did. */
  | { kind: 'open'; declined: Decline | null }
  /** Asked and not yet answered: money may have moved, so nobody may try again. */
  | { kind: 'processing' }
  /** The card's bank wants to see the shopper, at this address: nothing is taken before it said yes. */
  | { kind: 'challenge'; url: string }
  /** No bank could be reached and the card was not charged: it is tried until then, and ends unpaid if that fails. */
  | { kind: 'queued'; until: Date; email: string | null }
  /** The merchant looks at the order before it takes the money, which the card holds meanwhile. */
  | { kind: 'review' }
  | { kind: 'paid'; card: CardView | null; reference: string; paidAt: Date; returnUrl: string }
  | { kind: 'expired' }
  /** The merchant has called the order off, or released what it held. */
  | { kind: 'canceled' }
  /** The stored cart is not the sealed one: nothing of it may be believed, its links least of all. */
  | { kind: 'unpayable' };

/** What the checkout page shows. */
export interface CheckoutView {
  merchantName: string;
  amount: bigint;
  currency: Currency;
  lineItems: LineItemView[];
  cancelUrl: string | null;
  email: string | null;
  expiresAt: Date;
  testMode: boolean;
  standing: Standing;
}
