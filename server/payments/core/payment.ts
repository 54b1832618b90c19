import type { Currency } from '#server/kernel/money.ts';
import type {
  CaptureMethod,
  CardView,
  EscalationKind,
  Finding,
  OperationKind,
  OperationStatus,
  Person,
  RefundReason,
} from '../view.ts';
import type { PaymentState } from './machine.ts';

/** What a merchant wants paid, as the mover sees it. */
export interface Intent {
  id: string;
  merchantId: string;
  amount: bigint;
  currency: Currency;
  captureMethod: CaptureMethod;
  description: string | null;
  reference: string | null;
  receiptEmail: string | null;
  metadata: Record<string, string>;
  /** How many payments it has had: the compare-and-swap of opening another. */
  attempts: number;
  canceledAt: Date | null;
  cancellationReason: string | null;
  createdAt: Date;
}

/** A payment at one version, with all its operations. Amounts are minor units of `currency`. */
export interface Payment {
  id: string;
  merchantId: string;
  intentId: string;
  attempt: number;
  state: PaymentState;
  /** The number of its events; 0 before the first. */
  version: number;
  currency: Currency;
  amount: bigint;
  authorized: bigint;
  captured: bigint;
  refunded: bigint;
  refundReserved: bigint;
  chargedBack: bigint;
  stray: bigint;
  reconciled: bigint | null;
  captureMethod: CaptureMethod;
  provider: string | null;
  /** `pm_…`, the vault's stand-in for the card. */
  token: string | null;
  card: CardView | null;
  fingerprint: string | null;
  verdictId: string | null;
  failureCode: string | null;
  failureMessage: string | null;
  /** The providers of the plan that were not asked yet, in order. */
  untried: string[];
  returnUrl: string | null;
  review: 'open' | 'approved' | 'rejected' | null;
  /** While no provider takes charges: until when one is waited for, and when the next is tried. */
  queuedUntil: Date | null;
  tryAt: Date | null;
  /** Until when an authorization that waits for its capture is held. */
  heldUntil: Date | null;
  createdAt: Date;
  updatedAt: Date;
  operations: Operation[];
  escalations: Escalation[];
}

/** One authorize, capture, void or refund asked of one provider; its id is the idempotency key sent there. */
export interface Operation {
  id: string;
  kind: OperationKind;
  status: OperationStatus;
  provider: string;
  amount: bigint;
  /** As it was first written, with placeholders for the card. */
  request: StoredRequest;
  step: number;
  sends: number;
  sentAt: Date;
  sendBefore: Date;
  openedAt: Date;
  closedAt: Date | null;
  providerRef: string | null;
  fee: bigint | null;
  code: string | null;
  message: string | null;
  reason: RefundReason | string | null;
  note: string | null;
  /** The operation that it blocks (cancel), or whose stray money it gives back. */
  against: string | null;
  /** The provider's id of what it is aimed at, where that is not the payment's own authorization or capture. */
  targetRef: string | null;
  challengeUrl: string | null;
  /** Made at the provider without us: we were only told. */
  isForeign: boolean;
  /** How often it was asked about, and when last: for the evidence. Not written by a change. */
  inquiries: number;
  askedAt: Date;
  /** When to ask next, where a change sets it; null leaves it to whoever asks. */
  askAt: Date | null;
}

/** What an event or an escalation says beside its amount. A bigint does not compile: JSON has none. */
export type Said = Record<string, string | number | boolean | object | null | undefined>;

/** Money that a person has to look after. */
export interface Escalation {
  id: string;
  operationId: string | null;
  kind: EscalationKind;
  atRisk: bigint;
  evidence: Said;
  openedAt: Date;
  proposal: { finding: Finding; reason: string; foundRef: string | null; by: Person; at: Date } | null;
  closed: { how: 'answered' | 'confirmed'; by: Person | null; at: Date } | null;
}

/** What is sent to a provider. Where a card number belongs stands `{{card.number}}`; only the vault fills it in. */
export interface StoredRequest {
  method: string;
  path: string;
  body?: Record<string, unknown>;
}

/** A payment that nothing has happened to yet: what a birth starts from. */
export function unborn(intent: Intent, { id, at }: { id: string; at: Date }): Payment {
  const { merchantId, currency, amount, captureMethod } = intent;
  const nothing = { authorized: 0n, captured: 0n, refunded: 0n, refundReserved: 0n, chargedBack: 0n, stray: 0n };
  const unknown = { provider: null, token: null, card: null, fingerprint: null, verdictId: null };
  return {
    id,
    merchantId,
    intentId: intent.id,
    attempt: intent.attempts + 1,
    state: 'initiated',
    version: 0,
    currency,
    amount,
    ...nothing,
    reconciled: null,
    captureMethod,
    ...unknown,
    failureCode: null,
    failureMessage: null,
    untried: [],
    returnUrl: null,
    review: null,
    queuedUntil: null,
    tryAt: null,
    heldUntil: null,
    createdAt: at,
    updatedAt: at,
    operations: [],
    escalations: [],
  };
}

export function isUnclosed(operation: Operation): boolean {
  return operation.status === 'open' || operation.status === 'challenged' || operation.status === 'pending';
}

/** The unclosed authorize, capture or void: at most one, and while it is there no other may start. */
export function unclosedMove(payment: Payment): Operation | undefined {
  return payment.operations.find((operation) => isUnclosed(operation) && isMove(operation));
}

/** Not a refund, not a cancel, and not what gives stray money back: those run beside the payment's own way. */
function isMove({ kind, against }: Operation): boolean {
  return kind !== 'refund' && against === null;
}

/** The escalation of this kind that still waits for a person. */
export function openEscalation(payment: Payment, kind: EscalationKind, operationId?: string): Escalation | undefined {
  return payment.escalations.find(
    (one) => !one.closed && one.kind === kind && (operationId === undefined || one.operationId === operationId),
  );
}

/** The provider's own id of the accepted authorization or capture, which a later operation refers to. */
export function providerRef(payment: Payment, kind: 'authorize' | 'capture'): string | null {
  return (
    payment.operations.find((operation) => operation.kind === kind && operation.status === 'accepted')?.providerRef ??
    null
  );
}

/** A payment is read whole whenever something is decided about it; more operations than this no honest one needs. */
export const operationsAtMost = 500;

export function refundable(payment: Payment): bigint {
  const rest = payment.captured - payment.refunded - payment.refundReserved;
  if (payment.reconciled === null) return rest;
  const settled = payment.reconciled - payment.refunded - payment.refundReserved;
  return settled < rest ? settled : rest;
}
