import type { Caller } from '#server/auth/caller.ts';
import type { Answer, Claim } from '#server/idempotency/claim.ts';
import type { Currency } from '#server/kernel/money.ts';
import type { Say } from '#server/providers/contract.ts';
import type { Listed, Page } from './list.ts';
import type {
  CaptureMethod,
  EscalationView,
  Finding,
  IntentView,
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
  /** What the claimed request is answered with once this is made: kept in the same commit. */
  answer?: ((made: IntentView) => Promise<Answer>) | undefined;
}

export interface ConfirmInput {
  intentId: string;
  /** `pm_…`, from the vault. */
  token: string;
  /** Where the shopper sits, for velocity rules and disputes. */
  shopper?: { address?: string; email?: string };
  /** Where the shopper's browser goes on after a challenge of the card's bank; without it none can be shown. */
  returnUrl?: string;
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

/** What a provider said unasked, after its signature was checked. */
export interface HearInput {
  provider: string;
  /** By what mouth: written as the event's cause. */
  cause: 'webhook' | 'settlement';
  say: Say;
}

/** What became of it. Only `recorded` changed anything. */
export type Hearing =
  | { kind: 'recorded'; paymentId: string; merchantId: string }
  /** It was known already, or says nothing new. */
  | { kind: 'known'; paymentId: string; merchantId: string }
  /** No operation of ours matches. */
  | { kind: 'unmatched' }
  /** An operation matches and does not agree: nothing was changed, and the operation will be asked about soon. */
  | { kind: 'disagrees'; paymentId: string; merchantId: string; in: 'provider' | 'kind' | 'amount' | 'currency' };

/** What a settlement report says of one operation of ours that is accepted. Minor units. */
export interface SettledLine {
  operationId: string;
  /** `refund_returned`: a refund that came back to the provider is paid out again; said to `hear` first. */
  kind: 'capture' | 'refund' | 'refund_returned';
  amount: bigint;
  fee: bigint;
  currency: Currency;
  /** The provider's own id of what was settled. */
  ref: string | null;
  /** `file:line`, for the timeline. */
  line: string;
  /**
   * By how much the amount may differ from ours: a rule's tolerance, or what two people agreed on. Nothing where it is
   * left out. What differs is posted to `clearing`.
   */
  within?: bigint;
}

/** Of one payment, what one provider has settled. */
export interface SettleInput {
  merchantId: string;
  paymentId: string;
  provider: string;
  lines: readonly SettledLine[];
}

/**
 * `settled`: it is on record now. `known`: it was before. `differs`: nothing was changed. `unclosed`: nothing was
 * changed, since the operation still waits for its answer: say it to `hear` first.
 */
export type Settling =
  | { operationId: string; result: 'settled' | 'known' | 'unclosed' }
  | { operationId: string; result: 'differs'; in: 'amount' | 'currency' | 'status' | 'provider' };

export interface ReviewInput {
  paymentId: string;
  verdict: 'approve' | 'reject';
  note?: string;
  claim?: Claim;
}

/** One person's finding about an escalation; a second one confirms it. */
export interface ProposeInput {
  escalationId: string;
  finding: Finding;
  /** At least ten characters: what was found, and where. */
  reason: string;
  /** The provider's own id, where the finding is that it took place. */
  providerRef?: string;
  claim?: Claim;
}

/** A second person's word on a finding. */
export interface CloseInput {
  escalationId: string;
  /** When the finding was proposed that is meant: another one may have taken its place in the meantime. */
  proposedAt: Date;
  claim?: Claim;
}

/** What waits for somebody's turn. */
export interface Backlog {
  /** Payments that no provider takes at the moment, by merchant; `since` when the first of them was queued. */
  queued: { merchantId: string; payments: number; since: Date }[];
  /** Unclosed operations whose time to be asked about is over; `since` when the first should have been. */
  unasked: { operations: number; since: Date } | null;
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
  sweep(limit: number, only?: string): Promise<number>;
  /**
   * Asks now about everything unclosed of a payment: the shopper is back from a challenge, or a verb wants to begin.
   */
  ask(paymentId: string, merchantId: string): Promise<void>;
  /** The shopper will not answer their bank: has the challenge blocked, where its provider can. */
  giveUp(caller: Caller, paymentId: string): Promise<void>;
  /** Records what a provider says unasked. */
  hear(input: HearInput): Promise<Hearing>;
  /**
   * Puts on record what a provider has settled: many payments at once, each its own change, sharing commits. A
   * captured payment becomes `reconciled`; the settled amount is written once. Said again it changes nothing.
   *
   * @returns  What became of each line, in the order of the inputs and of their lines.
   */
  settle(inputs: readonly SettleInput[]): Promise<Settling[]>;
  /**
   * Sends queued payments to a provider that takes charges again, and ends those that waited too long; for the worker.
   */
  dequeue(limit: number): Promise<number>;
  /** Everybody's, for the worker: whether what has to happen by itself keeps up. */
  backlog(): Promise<Backlog>;
  /** Captures or voids, as the merchant chose, what is authorized and soon no longer held; for the worker. */
  settleHolds(limit: number): Promise<number>;
  /** Says yes or no to a payment that risk wants a person to look at. */
  review(caller: Caller, input: ReviewInput): Promise<PaymentView>;

  /** Money that somebody has to look after: open ones first, at most 100. */
  escalations(caller: Caller, filter?: { open?: boolean }): Promise<EscalationView[]>;
  escalation(caller: Caller, escalationId: string): Promise<EscalationView>;
  /** @throws Refusal `illegal_move` where it is closed, or proposed already. */
  proposeClose(caller: Caller, input: ProposeInput): Promise<EscalationView>;
  /** @throws Refusal `second_person` for who proposed it. */
  confirmClose(caller: Caller, input: CloseInput): Promise<EscalationView>;
  /** Takes a proposal back: its author, or the second person who does not agree. */
  withdrawClose(caller: Caller, input: CloseInput): Promise<EscalationView>;

  intent(caller: Caller, intentId: string): Promise<IntentView>;
  payment(caller: Caller, paymentId: string): Promise<PaymentView & { possible: Possible; intent: IntentView }>;
  refundById(caller: Caller, refundId: string): Promise<RefundView>;
  timeline(caller: Caller, paymentId: string): Promise<TimelineEntry[]>;
  /** Newest first. `after` is the last id of the page before; at most 100 rows. */
  list(caller: Caller, page: Page): Promise<Listed>;
  diagram(): StateDiagram;
}
