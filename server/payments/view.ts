import type { Currency } from '#server/kernel/money.ts';
import type { EventTrigger, PaymentState, Trigger } from './core/machine.ts';

export type { EventTrigger, Fact, PaymentState, Trigger } from './core/machine.ts';

export type CaptureMethod = 'automatic' | 'manual';

/** What an operation asks of a provider. `cancel` blocks another operation; it moves no money. */
export type OperationKind = 'authorize' | 'capture' | 'void' | 'refund' | 'cancel';

/** Unclosed: open, challenged, pending. Closed for good: accepted, refused, absent. */
export type OperationStatus = 'open' | 'challenged' | 'pending' | 'accepted' | 'refused' | 'absent';

export type RefundReason = 'duplicate' | 'fraudulent' | 'requested_by_customer' | 'other';

/** What may be shown of a card. PCI DSS v4.0.1 3.4.1: never more than BIN and last four; we keep the last four. */
export interface CardView {
  brand: string;
  last4: string;
  expMonth: number;
  expYear: number;
}

export interface OperationView {
  id: string;
  kind: OperationKind;
  status: OperationStatus;
  provider: string;
  amount: bigint;
  openedAt: Date;
  closedAt: Date | null;
  providerRef: string | null;
  /** Normalised decline or error code, where it was refused. */
  code: string | null;
  message: string | null;
  reason: string | null;
}

/** One journey of an intent with one instrument. All amounts are minor units of `currency`. */
export interface PaymentView {
  id: string;
  merchantId: string;
  intentId: string;
  attempt: number;
  state: PaymentState;
  version: number;
  currency: Currency;
  amount: bigint;
  authorized: bigint;
  captured: bigint;
  refunded: bigint;
  refundReserved: bigint;
  chargedBack: bigint;
  /** Captured, less what was refunded or is on its way back. */
  refundable: bigint;
  provider: string | null;
  card: CardView | null;
  /** Why it failed: a normalised decline code (`insufficient_funds`), `canceled`, `expired` or `risk_rejected`. */
  failureCode: string | null;
  failureMessage: string | null;
  /** Money that a provider says it moved after we had closed the matter. */
  stray: bigint;
  /**
   * Where risk wants a person to look: while it is open nothing is captured. It ends with the payment: 'rejected' where
   * that was voided before anybody had looked, null where it was never authorized.
   */
  review: 'open' | 'approved' | 'rejected' | null;
  /** No provider could be reached: it is tried until then, and ends unpaid if that fails. */
  queuedUntil: Date | null;
  /** The bank wants to see the shopper: where to, while it waits. */
  challenge: { url: string } | null;
  createdAt: Date;
  updatedAt: Date;
  operations: OperationView[];
}

/** What a merchant wants paid, with its latest payment. */
export interface IntentView {
  id: string;
  merchantId: string;
  amount: bigint;
  currency: Currency;
  captureMethod: CaptureMethod;
  description: string | null;
  /** The merchant's own reference, such as an order number. */
  reference: string | null;
  receiptEmail: string | null;
  metadata: Record<string, string>;
  canceledAt: Date | null;
  cancellationReason: string | null;
  createdAt: Date;
  /** The latest attempt; null while nobody has tried to pay. */
  payment: PaymentView | null;
}

export interface RefundView {
  /** The operation's id. */
  id: string;
  paymentId: string;
  intentId: string;
  merchantId: string;
  amount: bigint;
  currency: Currency;
  status: OperationStatus;
  reason: RefundReason | null;
  note: string | null;
  code: string | null;
  createdAt: Date;
}

/** One line of a payment's timeline. */
export interface TimelineEntry {
  seq: number;
  eventId: string;
  from: PaymentState | null;
  trigger: EventTrigger;
  to: PaymentState;
  at: Date;
  /** What set it off: a verb such as `refund`, a provider's `answer`, an `inquiry`. */
  cause: string;
  actor: { kind: string; id: string | null };
  operationId: string | null;
  operationKind: OperationKind | null;
  provider: string | null;
  amount: bigint | null;
  currency: Currency;
  /** Redacted exchange with the provider, verdicts, reasons: what the line expands to. */
  data: Record<string, unknown>;
}

/** A row of the console's list. */
export interface PaymentRow {
  id: string;
  intentId: string;
  state: PaymentState;
  amount: bigint;
  captured: bigint;
  refunded: bigint;
  currency: Currency;
  card: CardView | null;
  provider: string | null;
  reference: string | null;
  receiptEmail: string | null;
  failureCode: string | null;
  /** When the oldest unclosed operation was opened: null when nothing is waiting. */
  waitingSince: Date | null;
  createdAt: Date;
}

export interface PaymentFilter {
  states?: PaymentState[];
  currency?: Currency;
  provider?: string;
  /** Inclusive, minor units. */
  amountFrom?: bigint;
  amountTo?: bigint;
  createdFrom?: Date;
  createdTo?: Date;
  last4?: string;
  /** A whole payment or intent id, reference or e-mail; or a part of one, or of an id of the provider's. */
  search?: string;
}

/**
 * Why a person has to look. `unanswered`: no inquiry has brought an answer in time. `stray`: a provider says yes to
 * what was closed. `stuck`: a compensation was refused, and the card is still held. `undone`: a refund came back.
 */
export type EscalationKind = 'unanswered' | 'stray' | 'stuck' | 'undone';

/** What a person found out at the provider. `settled_otherwise`: it was put right there, nothing is to be recorded. */
export type Finding = 'took_place' | 'did_not' | 'settled_otherwise';

export interface EscalationView {
  id: string;
  merchantId: string;
  paymentId: string;
  operationId: string | null;
  operationKind: OperationKind | null;
  provider: string | null;
  kind: EscalationKind;
  /** Minor units that may be lost, or taken twice. */
  atRisk: bigint;
  currency: Currency;
  /** What is known: sends, inquiries, the last answers; times in ISO 8601. */
  evidence: Record<string, unknown>;
  status: 'open' | 'proposed' | 'closed';
  openedAt: Date;
  proposal: { finding: Finding; reason: string; providerRef: string | null; by: Person; at: Date } | null;
  /** `answered`: the provider's own answer came after all, and nobody had to decide. */
  closed: { how: 'answered' | 'confirmed'; by: Person | null; at: Date } | null;
}

export interface Person {
  staffId: string;
  name: string;
}

/** What can be done next with a payment, as the table of moves and its unclosed operations allow. */
export interface Possible {
  capture: boolean;
  void: boolean;
  refund: boolean;
  review: boolean;
}

/** The diagram, as data: made from the table of moves. */
export interface StateDiagram {
  states: PaymentState[];
  moves: { from: PaymentState; trigger: Trigger; to: PaymentState }[];
}
