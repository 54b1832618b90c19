import type { Claim } from '#server/idempotency/claim.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { NewPosting } from '#server/ledger/postings.ts';
import type { Verdict } from '#server/risk/verdict.ts';
import {
  birth,
  type EventTrigger,
  type Fact,
  facts,
  isLive,
  next,
  type PaymentState,
  type Trigger,
} from './machine.ts';
import { type Escalation, type Intent, isUnclosed, type Operation, type Payment, type Said } from './payment.ts';

/** One event to be appended; its place, time and id are given by the commit. */
export interface Step {
  from: PaymentState | null;
  trigger: EventTrigger;
  to: PaymentState;
  operationId: string | null;
  amount: bigint | null;
  data: Said;
}

/** Who did it and by what verb: written on every event of the change. */
export interface Because {
  cause: string;
  actor: { kind: string; id: string | null };
}

export interface StepDetail {
  operationId?: string;
  amount?: bigint;
  data?: Said;
}

/**
 * What `commit` will write about one payment, or refuse as stale: events in order, the payment and its operations as
 * they will be, postings, and the idempotency key that is claimed with them. Built by `decide`, changed by nobody
 * after.
 */
export class Change {
  /** The version that the decision was made on; 0 opens a new payment. */
  readonly before: number;
  readonly because: Because;
  readonly steps: Step[] = [];
  readonly opened: Operation[] = [];
  readonly touched: Operation[] = [];
  /** Opened, or with something new about them. */
  readonly escalations: Escalation[] = [];
  readonly postings: (NewPosting & { step: number })[] = [];
  after: Payment;
  verdict: Verdict | undefined;
  claim: (Claim & { subject: { kind: string; id: string } }) | undefined;
  /** Set on a birth: the intent to make, or, with attempts above zero, to open another payment of. */
  intent: Intent | undefined;
  /** Set when the intent itself ends with this change. */
  cancels: { reason: string } | undefined;

  constructor(payment: Payment, because: Because) {
    this.before = payment.version;
    this.because = because;
    this.after = payment;
  }

  /** The birth of a payment. */
  create(intent: Intent, data: Said = {}): this {
    invariant(this.before === 0 && this.steps.length === 0, 'a payment is created once, before anything else');
    this.intent = intent;
    return this.#append({ from: null, ...birth, operationId: null, amount: this.after.amount, data });
  }

  /** @throws Refusal `illegal_move` where the table of moves has no such edge. */
  move(trigger: Trigger, detail: StepDetail = {}): this {
    const from = this.after.state;
    const to = next(from, trigger);
    if (!to) throw new Refusal('illegal_move', `A payment that is ${from} has no move '${trigger}'.`);
    if (!isLive(to)) this.#endReview();
    return this.#append({ from, trigger, to, ...filled(detail) });
  }

  /** Something that happened without leaving the state. */
  fact(fact: Fact, detail: StepDetail = {}): this {
    const state = this.after.state;
    const allowed: readonly Fact[] = facts[state];
    if (!allowed.includes(fact))
      throw new Refusal('illegal_move', `'${fact}' cannot happen to a payment that is ${state}.`);
    return this.#append({ from: state, trigger: fact, to: state, ...filled(detail) });
  }

  set(fields: Partial<Omit<Payment, 'id' | 'merchantId' | 'state' | 'version' | 'operations' | 'escalations'>>): this {
    this.after = { ...this.after, ...fields };
    return this;
  }

  open(operation: Operation): this {
    this.opened.push(operation);
    this.after = { ...this.after, operations: [...this.after.operations, operation] };
    return this;
  }

  /** Closes an operation, or notes what became of it. Only an unclosed one may change. */
  touch(operation: Operation, fields: Partial<Operation>): this {
    invariant(isUnclosed(operation), 'a closed operation never changes');
    const touched = { ...operation, ...fields };
    this.touched.push(touched);
    const operations = this.after.operations.map((one) => (one.id === operation.id ? touched : one));
    this.after = { ...this.after, operations };
    return this;
  }

  /**
   * Puts money before a person, with its own event. One of a kind and operation is open at a time, and one that is
   * stuck per payment.
   */
  escalate(escalation: Escalation): this {
    const { id, kind, operationId, atRisk } = escalation;
    const same = (one: Escalation) =>
      !one.closed &&
      one.kind === kind &&
      (kind === 'stuck' || (operationId !== null && one.operationId === operationId));
    if (this.after.escalations.some(same)) return this;
    this.escalations.push(escalation);
    this.after = { ...this.after, escalations: [...this.after.escalations, escalation] };
    const of = operationId === null ? {} : { operationId };
    const { currency } = this.after;
    return this.fact('escalated', { ...of, amount: atRisk, data: { escalation: id, kind, currency } });
  }

  /** What people, or an answer that came after all, make of an open escalation; with its event. */
  escalation(escalation: Escalation, fact: Fact, data: Said = {}): this {
    const { id, operationId } = escalation;
    this.escalations.push(escalation);
    const escalations = this.after.escalations.map((one) => (one.id === id ? escalation : one));
    this.after = { ...this.after, escalations };
    const of = operationId === null ? {} : { operationId };
    return this.fact(fact, { ...of, amount: escalation.atRisk, data: { escalation: id, ...data } });
  }

  /**
   * Postings caused by the event that was appended last. It says in whose books and in what currency, so that the
   * ledger can be made again from the log alone.
   */
  post(postings: NewPosting[]): this {
    const last = this.steps.at(-1);
    const { provider, currency } = this.after;
    if (last && postings.length > 0) last.data = { ...last.data, books: { provider: provider ?? '', currency } };
    this.postings.push(...postings.map((posting) => ({ ...posting, step: this.steps.length })));
    return this;
  }

  claimed(claim: Claim | undefined, subject: { kind: string; id: string }): this {
    this.claim = claim && { ...claim, subject };
    return this;
  }

  /**
   * Nobody has to look at a payment that has ended. Of an authorization that is let go of before anybody has, it is a
   * "no"; before the authorization there was nothing to look at.
   */
  #endReview(): void {
    if (this.after.review !== 'open') return;
    if (this.after.state === 'risk_checked') this.set({ review: null });
    else this.fact('review_closed', { data: { why: 'voided' } }).set({ review: 'rejected' });
  }

  #append(step: Step): this {
    this.steps.push(step);
    this.after = { ...this.after, state: step.to, version: this.after.version + 1 };
    return this;
  }
}

/** The operation that an event is about, and its amount. */
export function about(operation: Operation): { operationId: string; amount: bigint } {
  return { operationId: operation.id, amount: operation.amount };
}

function filled(detail: StepDetail): Pick<Step, 'operationId' | 'amount' | 'data'> {
  return { operationId: detail.operationId ?? null, amount: detail.amount ?? null, data: detail.data ?? {} };
}
