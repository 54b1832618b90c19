import type { Caller } from '#server/auth/caller.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { CaptureMethod } from '#server/payments/view.ts';
import type { CheckoutView, LineItemInput, SessionView, Standing } from './view.ts';

export interface CreateSessionInput {
  currency: Currency;
  /** 1 to 100 lines. */
  lineItems: LineItemInput[];
  /** Absolute, https outside test mode. `{CHECKOUT_SESSION_ID}` is filled when the shopper returns. */
  successUrl: string;
  cancelUrl?: string;
  captureMethod?: CaptureMethod;
  /** 30 minutes to 24 hours ahead; 24 hours where it is left out. */
  expiresAt?: Date;
  clientReferenceId?: string;
  customerEmail?: string;
  metadata?: Record<string, string>;
  claim?: Claim | undefined;
}

/** A caller, by the secret in the URL: may see and pay this one session. Got from `bySecret` and from nowhere else. */
export type Shopper = Extract<Caller, { kind: 'shopper' }>;

export interface ConfirmSessionInput {
  /** `pm_…`, from the vault's frame. */
  token: string;
  /** Made by the page once for each press of the button: the same attempt twice is one attempt. */
  attempt: string;
  email?: string;
  /** The shopper's network address, for velocity rules. */
  address?: string;
}

/** The room's verbs and questions. Every method throws Refusal for an expected "no". */
export interface Checkout {
  createSession(caller: Caller, input: CreateSessionInput): Promise<SessionView>;
  session(caller: Caller, sessionId: string): Promise<SessionView>;
  /** @throws Refusal `session_complete` when paid, `operation_unclosed` while an attempt has no answer yet. */
  expire(caller: Caller, sessionId: string, claim?: Claim): Promise<SessionView>;

  /** @throws Refusal `not_found`, the same for a wrong secret, an unknown id and a malformed one. */
  bySecret(publicId: string): Promise<Shopper>;
  view(shopper: Shopper): Promise<CheckoutView>;
  /** The frame's permission to take one card for this session; good for 15 minutes. */
  grant(shopper: Shopper): Promise<{ grant: string; expiresAt: Date }>;
  /** Pays with a token. A decline is not an error: it comes back as the standing `open` with its group. */
  confirm(shopper: Shopper, input: ConfirmSessionInput): Promise<Standing>;
  status(shopper: Shopper): Promise<Standing>;
  /** The shopper is back from their bank: asks the provider now, instead of waiting for it to call. */
  back(shopper: Shopper): Promise<Standing>;
  /** The shopper does not want to answer their bank, and would rather use another card. */
  giveUp(shopper: Shopper): Promise<Standing>;

  /** Closes what the clock or the payment has decided while nobody was looking; for the worker. Returns how many. */
  sweep(limit: number): Promise<number>;
}
