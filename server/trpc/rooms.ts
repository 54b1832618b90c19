import type { Mode } from '#server/auth/caller.ts';
import type { Credentials } from '#server/auth/sign-in.ts';
import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import type { Checkout } from '#server/checkout/checkout.ts';
import type { Log } from '#server/observability/log.ts';
import type { Payments } from '#server/payments/payments.ts';

/** All that the web process's doors are handed: made once per process, from its settings. */
export interface Rooms {
  payments: Payments;
  checkout: Checkout;
  seats: Seats;
  merchantName(merchantId: string): Promise<string>;
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

/** Staff sessions. */
export interface Seats {
  /** Opens a session. @throws Refusal `unauthenticated`, `throttled`. */
  signIn(credentials: Credentials): Promise<string>;
  /** Who sits there, with the role that the database has for them now. @throws Refusal `unauthenticated`. */
  caller(sessionId: string): Promise<StaffCaller>;
  signOut(sessionId: string): Promise<void>;
}
