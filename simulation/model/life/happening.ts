import type { EventTrigger, PaymentState, Trigger } from '#server/payments/core/machine.ts';
import { isLive, next, states } from '#server/payments/core/machine.ts';
import { pay } from '../words.ts';
import { isUnclosed, of, review, type Slot, type State, status, withOp } from './slots.ts';

/** One event of a commit, and the operation that it is about. */
export interface Step {
  trigger: EventTrigger;
  op?: number | undefined;
}

/** How a provider's books change. */
export type Answer = 'yes' | 'no' | 'challenged' | 'back';

/** What may happen next: a commit of ours, an act of a provider, or something that nobody sees. */
export interface Happening {
  words: string;
  to: State;
  commit?: Step[];
  /** `moved`: money moved, which the provider's books show. */
  acted?: { op: number; moved: boolean };
  /** Of what nobody sees: the operation that it is about. */
  of?: number;
}

/** What a life is made of, as those see it who take part. */
export interface Stage {
  slots: readonly Slot[];
  /** Providers may act on what can't have been under way any more. */
  promisesBroken: boolean;
  /** No more operations than these may be opened: where one is missing, a person has to help. */
  bounded: boolean;
}

export type Tell = (happening: Happening) => void;

/** Builds one commit: the state after it, and its events in order. */
export class Commit {
  to: State;
  readonly steps: Step[] = [];

  constructor(s: State) {
    this.to = s;
  }

  /** A move of the table; where it has none, the explorer names it. */
  move(trigger: Trigger, op?: number): this {
    const to = next(states[this.to.state] as PaymentState, trigger);
    if (to === undefined) return this.fact(trigger, op);
    if (!isLive(to)) this.#endReview();
    return this.set({ state: pay[to] }).fact(trigger, op);
  }

  /** Nobody has to look at a payment that has ended: what is let go of before anybody has was a "no". */
  #endReview(): void {
    if (this.to.review !== review.open) return;
    if (this.to.state === pay.risk_checked) this.set({ review: review.none });
    else this.fact('review_closed').set({ review: review.rejected });
  }

  fact(trigger: EventTrigger, op?: number): this {
    this.steps.push({ trigger, op });
    return this;
  }

  set(fields: Partial<Omit<State, number>>): this {
    this.to = { ...this.to, ...fields } as State;
    return this;
  }

  /** Opened, and committed to be sent: from now on a request of it may be under way. */
  open(op: number): this {
    this.to = withOp(this.to, op, { status: status.open, way: 1 });
    return this;
  }

  /** Gives an operation its last word, and ends a cancel of it that came too late. */
  close(op: number, as: number, slots: readonly Slot[]): this {
    this.to = withOp(this.to, op, { status: as, way: 0, resent: 0 });
    for (const [n, slot] of slots.entries()) {
      const late = slot.kind === 'cancel' && slot.against === op && isUnclosed(this.to, n);
      if (late) this.to = withOp(this.to, n, { status: status.refused, way: 0, resent: 0 });
    }
    return this;
  }

  tell(tell: Tell, words: string): void {
    tell({ words, to: this.to, commit: this.steps });
  }
}

/** The next operation of this sort that was not opened yet. */
export function free(s: State, slots: readonly Slot[], is: (slot: Slot) => boolean): number | undefined {
  const n = slots.findIndex((slot, place) => of(s, place).status === status.none && !slot.foreign && is(slot));
  return n < 0 ? undefined : n;
}

/** The payment's own authorize, capture or void that has no last word: at most one. */
export function unclosedMove(s: State, slots: readonly Slot[]): boolean {
  return slots.some(({ kind, against }, n) => kind !== 'refund' && against === undefined && isUnclosed(s, n));
}

export const own = (kind: Slot['kind']) => (slot: Slot) => slot.kind === kind && slot.against === undefined;
