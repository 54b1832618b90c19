import type { Mode } from '#server/auth/caller.ts';
import type { Merchant } from '#server/auth/merchants.ts';
import type { Credentials } from '#server/auth/sign-in.ts';
import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import type { Checkout } from '#server/checkout/checkout.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import type { Answer, Recalled } from '#server/idempotency/keys.ts';
import type { Log } from '#server/observability/log.ts';
import type { Payments } from '#server/payments/payments.ts';

/** All that the web process's doors are handed: made once per process, from its settings. */
export interface Rooms {
  payments: Payments;
  checkout: Checkout;
  staff: Staff;
  keys: Keys;
  log: Log;
  mode: Mode;
  /** Origin of our own pages: the only one that may post to us. */
  webOrigin: string;
  /** Names of the providers that this installation sends to. */
  providers: string[];
  /** A new id for one request, as it is shown: `req_…`. */
  requestId(): string;
  /** Whether the database answers. */
  ready(): Promise<boolean>;
}

/** Who works at a merchant, and where they sit. */
export interface Staff {
  /** Opens a session. @throws Refusal `unauthenticated`, `throttled`. */
  signIn(credentials: Credentials): Promise<string>;
  signOut(sessionId: string): Promise<void>;
  /** Who sits there, with the role that the database has for them now. @throws Refusal `unauthenticated`. */
  caller(sessionId: string): Promise<StaffCaller>;
  /** Names by ids; strangers' ids have none. */
  names(caller: StaffCaller, ids: string[]): Promise<Map<string, string>>;
  merchant(caller: StaffCaller): Promise<Merchant>;
}

/** Idempotency keys: a dialog's act is done once, however often it is sent. */
export interface Keys {
  /** @throws Refusal `idempotency_mismatch`, `idempotency_in_flight`. */
  recall(claim: Claim): Promise<Recalled>;
  remember(claim: Claim, answer: Answer): Promise<void>;
}
