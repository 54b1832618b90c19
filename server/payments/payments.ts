import type { Caller } from '#server/auth/caller.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import type { Currency } from '#server/kernel/money.ts';
import type {
  CaptureMethod,
  IntentView,
  PaymentFilter,
  PaymentRow,
  PaymentView,
  Possible,
  RefundReason,
  RefundView,
  StateDiagram,
  TimelineEntry,
} from './view.ts';

export interface CreateInput {
  /** Made by the caller where it must be known beforehand (a session's intent); else the room makes one. */
  intentId?: string;
  amount: bigint;
  currency: Currency;
  captureMethod?: CaptureMethod;
  description?: string;
  reference?: string;
  receiptEmail?: string;
  metadata?: Record<string, string>;
  claim?: Claim;
}

export interface ConfirmInput {
  intentId: string;
  /** `pm_…`, from the vault. */
  token: string;
  /** Where the shopper sits, for velocity rules and disputes. */
  shopper?: { address?: string; email?: string };
  claim?: Claim;
}

export interface CaptureInput {
  paymentId: string;
  /** Minor units; all that is authorised where it is left out. */
  amount?: bigint;
  reason?: string;
  claim?: Claim;
}

export interface CancelInput {
  intentId: string;
  /** `expired` ends it as expired; anything else as cancelled. */
  reason?: string;
  /**
   * Refuses, with `illegal_move`, where money is held or taken already: for the clock, which must not undo a payment.
   */
  onlyUnpaid?: boolean;
  claim?: Claim;
}

export interface RefundInput {
  paymentId: string;
  /** Minor units; all that is left to refund where it is left out. */
  amount?: bigint;
  reason?: RefundReason;
  note?: string;
  claim?: Claim;
}

/** The verbs of the room, and its questions. Every method throws Refusal for an expected "no". */
export interface Payments {
  create(caller: Caller, input: CreateInput): Promise<IntentView>;
  /** Authorises, and captures too when the intent's method is automatic. Returns what is known when the answer came. */
  confirm(caller: Caller, input: ConfirmInput): Promise<IntentView>;
  /** Captures once; a part releases the rest. */
  capture(caller: Caller, input: CaptureInput): Promise<PaymentView>;
  /** Ends an intent that has taken no money: voids an authorisation, or closes an unpaid intent. */
  cancel(caller: Caller, input: CancelInput): Promise<IntentView>;
  refund(caller: Caller, input: RefundInput): Promise<RefundView>;
  /** Asks providers about at most `limit` silent operations; for the worker. Returns how many it asked about. */
  sweep(limit: number): Promise<number>;

  intent(caller: Caller, intentId: string): Promise<IntentView>;
  payment(caller: Caller, paymentId: string): Promise<PaymentView & { possible: Possible; intent: IntentView }>;
  refundById(caller: Caller, refundId: string): Promise<RefundView>;
  timeline(caller: Caller, paymentId: string): Promise<TimelineEntry[]>;
  /** Newest first. `after` is the last id of the page before; at most 100 rows. */
  list(
    caller: Caller,
    input: { filter?: PaymentFilter; after?: string; limit: number },
  ): Promise<{ rows: PaymentRow[]; next: string | null }>;
  diagram(): StateDiagram;
}
