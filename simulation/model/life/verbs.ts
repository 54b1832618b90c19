import { pay } from '../words.ts';
import { Commit, free, own, type Stage, type Tell, unclosedMove } from './happening.ts';
import { books, isUnclosed, of, review, type State, status, withOp } from './slots.ts';

/** What shoppers, merchants, staff and the clock may begin. */
export function verbs(s: State, stage: Stage, tell: Tell) {
  if (s.state === pay.initiated || s.state === pay.payment_method_captured || s.state === pay.tokenized) {
    return confirms(s, stage, tell);
  }
  if (s.queued === 1) leavesQueue(s, stage, tell);
  if (s.state === pay.authorized || s.state === pay.capture_pending) holds(s, stage, tell);
  else if (s.stuck === 1) {
    new Commit(s)
      .set({ stuck: 0 })
      .fact('escalation_closed')
      .tell(tell, 'two people see that nothing is held any more');
  }
  if (s.captured > 0) afterCapture(s, stage, tell);
  if (s.stray > 0) lookedAfter(s, stage, tell);
}

/** Stray money that could not be given back: two people do it in the provider's own console, and say so. */
function lookedAfter(s: State, { slots }: Stage, tell: Tell) {
  for (const [n, { kind, against, amount }] of slots.entries()) {
    const is = of(s, n).status;
    if (kind === 'cancel' || against === undefined || (is !== status.refused && is !== status.absent)) continue;
    const commit = new Commit(withOp(s, n, { status: status.late, said: books.yes })).fact('escalation_closed');
    commit.set({ stray: Math.max(s.stray - amount, 0) }).tell(tell, 'two people give stray money back by hand');
  }
}

/** In one commit as the product does it, or in several, as the table of moves would allow. */
function confirms(s: State, stage: Stage, tell: Tell) {
  new Commit(s).move('expire').tell(tell, 'the session expires');
  new Commit(s).move('cancel').tell(tell, 'the merchant cancels');
  if (s.state === pay.initiated) new Commit(s).move('collect').tell(tell, 'the card is collected');
  if (s.state === pay.payment_method_captured) new Commit(s).move('tokenize').tell(tell, 'the card is tokenized');
  const begun = () => {
    const commit = new Commit(s);
    if (s.state === pay.initiated) commit.move('collect');
    return s.state === pay.tokenized ? commit : commit.move('tokenize');
  };
  begun().move('reject').tell(tell, 'risk says no');
  for (const [verdict, words] of [
    [review.none, 'the shopper confirms'],
    [review.open, 'the shopper confirms, and risk wants a person to look'],
  ] as const) {
    const n = free(s, stage.slots, own('authorize'));
    if (n !== undefined) {
      const commit = begun().move('approve').set({ review: verdict }).fact('operation_opened', n).open(n);
      commit.tell(tell, `${words}: ${named(stage, n)}`);
    }
    begun().move('approve').set({ review: verdict, queued: 1 }).fact('queued').tell(tell, `${words}: queued`);
  }
}

function leavesQueue(s: State, { slots }: Stage, tell: Tell) {
  const n = free(s, slots, own('authorize'));
  const commit = () => new Commit(s).set({ queued: 0 });
  if (n !== undefined)
    commit()
      .fact('operation_opened', n)
      .open(n)
      .tell(tell, `${named({ slots }, n)} is tried`);
  new Commit(s).fact('queued').tell(tell, 'it waits on in the queue');
  commit().move('abandon').tell(tell, 'it has waited long enough');
}

/** What may become of an authorization: only while nothing of it is unclosed. */
function holds(s: State, { slots }: Stage, tell: Tell) {
  if (s.stuck === 1 && !unclosedMove(s, slots)) {
    new Commit(s).set({ stuck: 0 }).move('void').tell(tell, 'two people let it go by hand');
  }
  if (unclosedMove(s, slots)) return;
  const [c, v] = [free(s, slots, own('capture')), free(s, slots, own('void'))];
  const authorized = s.state === pay.authorized;
  if (v !== undefined) new Commit(s).fact('operation_opened', v).open(v).tell(tell, 'a void is asked for');
  if (authorized && s.review === review.open) return reviewed(s, { c, v }, tell);
  const may = authorized && s.review !== review.rejected && c !== undefined;
  if (may) new Commit(s).move('begin_capture', c).open(c).tell(tell, 'a capture is asked for');
}

function reviewed(s: State, { c, v }: { c: number | undefined; v: number | undefined }, tell: Tell) {
  const approved = () => new Commit(s).set({ review: review.approved }).fact('review_closed');
  approved().tell(tell, 'a person approves');
  if (c !== undefined) approved().move('begin_capture', c).open(c).tell(tell, 'a person approves, and it is captured');
  if (v === undefined) return;
  const rejected = new Commit(s).set({ review: review.rejected }).fact('review_closed');
  rejected.fact('operation_opened', v).open(v).tell(tell, 'a person rejects');
}

/** Refunds, each with its amount reserved; settlement; and what a provider does without us. */
function afterCapture(s: State, { slots }: Stage, tell: Tell) {
  const open = s.state === pay.captured || s.state === pay.reconciled;
  for (const [n, slot] of slots.entries()) {
    if (!open || slot.foreign || !own('refund')(slot) || of(s, n).status !== status.none) continue;
    if (s.refunded + s.reserved + slot.amount > s.captured) continue;
    const commit = new Commit(s).fact('operation_opened', n).set({ reserved: s.reserved + slot.amount });
    commit.open(n).tell(tell, `refund ${n} is asked for`);
    break;
  }
  if (s.state === pay.captured) new Commit(s).move('reconcile').set({ reconciled: 1 }).tell(tell, 'it is settled');
  if (s.state === pay.refunded && s.reconciled === 0) {
    new Commit(s).fact('settled').set({ reconciled: 1 }).tell(tell, 'it is settled after its refund');
  }
}

/** What the sweep may write of anything unclosed: that it is sent again, or blocked where that can be. */
export function sweeps(s: State, { slots }: Stage, tell: Tell): void {
  for (const n of slots.keys()) {
    if (!isUnclosed(s, n)) continue;
    const again = new Commit(s).fact('operation_resent', n);
    again.set({ [`way${n}`]: 1, [`resent${n}`]: 1 }).tell(tell, `${named({ slots }, n)} is sent again`);
    const x = free(s, slots, ({ kind, against }) => kind === 'cancel' && against === n);
    const underWay = slots.some(({ kind, against }, m) => kind === 'cancel' && against === n && isUnclosed(s, m));
    if (x === undefined || underWay) continue;
    new Commit(s)
      .fact('operation_opened', x)
      .open(x)
      .tell(tell, `${named({ slots }, n)} is to be blocked`);
  }
}

export function named({ slots }: Pick<Stage, 'slots'>, n: number): string {
  const slot = slots[n];
  return `${slot?.kind} ${n} at ${slot?.provider}`;
}
