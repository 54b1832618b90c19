import type { Role } from '#server/auth/caller.ts';
import type { Merchant } from '#server/auth/merchants.ts';
import type { Credentials } from '#server/auth/sign-in.ts';
import type { StaffCaller } from '#server/auth/staff-sessions.ts';
import type { Composition } from '#server/composition/rooms.ts';
import type { Balance } from '#server/ledger/balances.ts';
import type { Entries, EntriesPage } from '#server/ledger/entries.ts';
import type { TakeInInput, TakenIn } from '#server/reconciliation/intake/take-in.ts';
import type { ReconciliationPages } from '#server/reconciliation/questions/pages.ts';
import type { WebhookList } from '#server/webhooks/list.ts';

/** All that the web process's doors are handed: made once per process, from its settings. */
export interface Rooms
  extends Pick<
    Composition,
    | 'alerts'
    | 'bus'
    | 'consumers'
    | 'payments'
    | 'checkout'
    | 'orders'
    | 'reconciliation'
    | 'providers'
    | 'keys'
    | 'clock'
    | 'log'
    | 'mode'
    | 'ready'
  > {
  staff: Staff;
  uploads: Uploads;
  ledger: Ledger;
  /** What the console asks about settlement files and what differs in them. */
  reconciliationPages: ReconciliationPages;
  /** What providers have sent. */
  webhooks: WebhookList;
  /** Origin of our own pages: the only one that may post to us. */
  webOrigin: string;
  /** How many gateways of ours stand before this process. */
  trustedHops: number;
  /** A new id for one request, as it is shown: `req_…`. */
  requestId(): string;
}

/** What people put in by hand: taken in once, however often it is sent. */
export interface Uploads {
  /** Providers whose reports can be read. */
  providers(): string[];
  /** @throws Refusal `invalid_input`, `too_large`. */
  settlement(file: Omit<TakeInInput, 'source'>): Promise<TakenIn>;
  /** @throws Refusal `invalid_input`, `too_large`. */
  statement(file: { name: string; content: AsyncIterable<Buffer>; staffId: string }): Promise<TakenIn>;
}

/** The merchant's own books. */
export interface Ledger {
  /** Balances of the caller's accounts at a moment. */
  balances(caller: StaffCaller, at: Date): Promise<Balance[]>;
  /** Postings with their causes, newest first. */
  entries(caller: StaffCaller, page: Omit<EntriesPage, 'merchantId'>): Promise<Entries>;
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
  /** Whom work can be given to, the caller among them. */
  colleagues(caller: StaffCaller): Promise<{ id: string; name: string; role: Role }[]>;
  merchant(caller: StaffCaller): Promise<Merchant>;
}
