import { pay } from '../words.ts';
import { Commit, free, own, type Stage, type Tell } from './happening.ts';
import { books, isUnclosed, of, review, type Slot, type State, status } from './slots.ts';
import { named } from './verbs.ts';

/** What may be recorded of each operation: by a reply, an inquiry, a webhook, the settlement file or two people. */
export function records(s: State, stage: Stage, tell: Tell): void {
  for (const [n, slot] of stage.slots.entries()) {
    const { said } = of(s, n);
    if (!isUnclosed(s, n)) {
      closedBefore(s, { n, slot, stage }, tell);
      continue;
    }
    const its = { n, slot, stage };
    stays(s, its, tell);
    if (said === books.yes) accepted(s, its, tell);
    else if (said === books.no) refused(s, its, tell);
    else notYet(s, its, tell);
  }
}

interface Its {
  n: number;
  slot: Slot;
  stage: Stage;
}

function accepted(s: State, its: Its, tell: Tell) {
  const { n, slot, stage } = its;
  if (slot.kind === 'cancel') return blocked(s, its, tell);
  const commit = () => new Commit(s).close(n, status.accepted, stage.slots);
  const words = `yes to ${named(stage, n)}`;
  if (slot.against !== undefined) {
    const stray = Math.max(s.stray - slot.amount, 0);
    return commit().fact('stray_returned', n).set({ stray }).tell(tell, words);
  }
  switch (slot.kind) {
    case 'authorize':
      return authorized(s, its, tell);
    case 'capture':
      return commit().move('capture', n).set({ captured: slot.amount }).tell(tell, words);
    case 'void':
      return commit().move('void', n).set({ stuck: 0 }).tell(tell, words);
    case 'refund':
      return refunded(commit().set({ reserved: s.reserved - slot.amount }), its, tell);
  }
}

/** The capture of an automatic payment is opened in the same commit; what is under review waits for a person. */
function authorized(s: State, { n, stage }: Its, tell: Tell) {
  const commit = () => new Commit(s).close(n, status.accepted, stage.slots).move('authorize', n);
  const words = `yes to ${named(stage, n)}`;
  if (s.review === review.open) return commit().fact('review_opened').tell(tell, words);
  commit().tell(tell, words);
  const c = free(s, stage.slots, own('capture'));
  if (c !== undefined) commit().move('begin_capture', c).open(c).tell(tell, `${words}, and it is captured`);
}

function refunded(commit: Commit, { n, slot, stage }: Its, tell: Tell) {
  const sum = commit.to.refunded + slot.amount;
  commit.set({ refunded: sum });
  if (sum === commit.to.captured) commit.move('refund_all', n);
  else commit.fact('partial_refund', n);
  commit.tell(tell, `yes to ${named(stage, n)}`);
}

/** The tombstone lies: only now may another provider be asked. */
function blocked(s: State, { n, slot, stage }: Its, tell: Tell) {
  const lost = slot.against ?? 0;
  const words = `yes to ${named(stage, n)}`;
  const commit = () => new Commit(s).close(n, status.accepted, stage.slots);
  if (!isUnclosed(s, lost)) return commit().fact('operation_absent', n).tell(tell, words);
  if (of(s, lost).status === status.challenged) {
    return commit().close(lost, status.refused, stage.slots).move('decline', lost).tell(tell, words);
  }
  const absent = () => commit().close(lost, status.absent, stage.slots).fact('operation_absent', lost);
  onward(absent, { words, stage, queue: true }, tell);
}

/** The next provider of the plan; or the queue, until that has been waited in long enough. */
function onward(
  commit: () => Commit,
  { words, stage, queue }: { words: string; stage: Stage; queue: boolean },
  tell: Tell,
) {
  const b = free(commit().to, stage.slots, own('authorize'));
  if (b !== undefined)
    commit()
      .fact('operation_opened', b)
      .open(b)
      .tell(tell, `${words}: on to ${named(stage, b)}`);
  if (!queue) return;
  commit().set({ queued: 1 }).fact('queued').tell(tell, `${words}: queued`);
  commit().move('abandon').tell(tell, `${words}: given up`);
}

function refused(s: State, { n, slot, stage }: Its, tell: Tell) {
  const commit = () => new Commit(s).close(n, status.refused, stage.slots);
  const words = `no to ${named(stage, n)}`;
  if (slot.kind === 'authorize') {
    commit().move('decline', n).tell(tell, words);
    return onward(() => commit().fact('operation_refused', n), { words, stage, queue: false }, tell);
  }
  const no = commit().fact('operation_refused', n);
  if (slot.against !== undefined) return no.tell(tell, words);
  if (slot.kind === 'capture') {
    // The void that compensates it is opened in the same commit.
    const v = free(s, stage.slots, own('void'));
    if (v !== undefined) no.fact('operation_opened', v).open(v).tell(tell, words);
    else if (stage.bounded) no.set({ stuck: 1 }).tell(tell, `${words}: before a person`);
    return;
  }
  if (slot.kind === 'refund') return no.set({ reserved: s.reserved - slot.amount }).tell(tell, words);
  // Of a void that nobody waits for a person hears; a merchant's leaves the payment as it was.
  if (s.state === pay.authorized) no.tell(tell, words);
  commit().fact('operation_refused', n).set({ stuck: 1 }).tell(tell, `${words}: before a person`);
}

/** What settles nothing: silence, a challenge, a "not yet". An answer on its way may be older than the books. */
function stays(s: State, { n, slot, stage }: Its, tell: Tell) {
  const { said, status: is } = of(s, n);
  new Commit(s).fact('operation_unanswered', n).tell(tell, `silence about ${named(stage, n)}`);
  if (slot.kind === 'authorize' && said !== books.nothing && is !== status.pending) {
    const challenged = new Commit(s).set({ [`op${n}`]: status.challenged }).fact('operation_challenged', n);
    challenged.tell(tell, `a challenge of ${named(stage, n)} is heard of`);
  }
  if (slot.kind !== 'cancel' && is === status.open) {
    const pending = new Commit(s).set({ [`op${n}`]: status.pending }).fact('operation_pending', n);
    pending.tell(tell, `${named(stage, n)} is decided later`);
  }
}

/** Not taken, or not found when nothing could be under way any more. */
function notYet(s: State, its: Its, tell: Tell) {
  const { n, slot, stage } = its;
  const { said, way, resent, status: is } = of(s, n);
  if (said !== books.nothing) return;
  if (resent === 0 && is === status.open && slot.kind !== 'cancel') notTaken(s, its, tell);
  if (way === 0) absent(s, its, tell);
  else {
    tell({ words: `all requests of ${named(stage, n)} are lost`, to: { ...s, [`way${n}`]: 0 }, of: n });
  }
}

/** The first send did nothing. What must not be given up for that stays open. */
function notTaken(s: State, { n, slot, stage }: Its, tell: Tell) {
  const words = `nobody took ${named(stage, n)}`;
  const closed = (as: number) => new Commit(s).close(n, as, stage.slots);
  if (slot.kind === 'authorize') {
    onward(() => closed(status.absent).fact('operation_absent', n), { words, stage, queue: true }, tell);
    closed(status.refused).move('decline', n).tell(tell, `${words}: the token is of no use`);
  } else if (slot.against === undefined && s.state !== pay.capture_pending) {
    const commit = closed(status.refused).fact('operation_refused', n);
    if (slot.kind === 'refund') commit.set({ reserved: s.reserved - slot.amount });
    commit.tell(tell, words);
  }
}

/** A capture or a void is asked for anew; a refund gives its reserve back; an authorization ends. */
function absent(s: State, { n, slot, stage }: Its, tell: Tell) {
  const words = `${named(stage, n)} was never heard of`;
  const commit = () => new Commit(s).close(n, status.absent, stage.slots);
  if (slot.kind === 'authorize') return commit().move('abandon', n).tell(tell, words);
  const none = () => commit().fact('operation_absent', n);
  if (slot.kind === 'cancel') return none().tell(tell, words);
  if (slot.kind === 'refund' && slot.against === undefined) {
    return none()
      .set({ reserved: s.reserved - slot.amount })
      .tell(tell, words);
  }
  const again = free(s, stage.slots, (one) => isLike(one, slot));
  if (again !== undefined) none().fact('operation_opened', again).open(again).tell(tell, `${words}: asked for anew`);
  const lost = stage.slots.filter((one, m) => isLike(one, slot) && of(s, m).status === status.absent).length + 1;
  if (lost < lostAtMost && !stage.bounded) return;
  const stuck = slot.against === undefined ? 1 : s.stuck;
  none().set({ stuck }).tell(tell, `${words}: before a person`);
}

/** What was lost so often is not lost by chance: a person looks. */
const lostAtMost = 3;

function isLike(one: Slot, other: Slot): boolean {
  return one.kind === other.kind && one.against === other.against;
}

/** What is told of an operation that has its last word: a late yes, a refund that came back, a refund of nobody's. */
function closedBefore(s: State, { n, slot, stage }: Its, tell: Tell) {
  const { status: is, said } = of(s, n);
  if (slot.foreign && is === status.none && said === books.yes) return foreign(s, { n, slot, stage }, tell);
  if (slot.kind === 'refund' && is === status.accepted && said === books.back)
    return undone(s, { n, slot, stage }, tell);
  if (said !== books.yes || (is !== status.absent && is !== status.refused) || slot.kind === 'cancel') return;
  const late = new Commit(s).set({ [`op${n}`]: status.late, stray: s.stray + slot.amount }).fact('late_effect', n);
  const back = free(s, stage.slots, ({ kind, against }) => against === n && kind !== 'cancel');
  if (back !== undefined) late.fact('operation_opened', back).open(back);
  late.tell(tell, `a late yes to ${named(stage, n)}`);
}

function foreign(s: State, { n, slot, stage }: Its, tell: Tell) {
  const commit = new Commit(s).set({ [`op${n}`]: status.accepted });
  const open = s.state === pay.captured || s.state === pay.reconciled;
  if (open && s.refunded + s.reserved + slot.amount <= s.captured) return refunded(commit, { n, slot, stage }, tell);
  commit
    .set({ stray: s.stray + slot.amount })
    .fact('foreign_effect', n)
    .tell(tell, 'a refund of nobody’s, beyond the capture');
}

function undone(s: State, { n, slot, stage }: Its, tell: Tell) {
  const commit = new Commit(s).set({ [`op${n}`]: status.undone, refunded: s.refunded - slot.amount });
  if (s.state !== pay.refunded) commit.fact('refund_undone', n);
  else commit.move(s.reconciled === 1 ? 'undo_settled_refund' : 'undo_refund', n);
  commit.tell(tell, `${named(stage, n)} came back`);
}
