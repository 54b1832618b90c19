import { states } from '#server/payments/core/machine.ts';
import type { Model } from '../model.ts';
import { pay } from '../words.ts';
import type { Happening, Stage } from './happening.ts';
import { acts, isHeld } from './provider.ts';
import { records } from './record.ts';
import { books, fieldsOf, isUnclosed, of, review, type Slot, type State, status } from './slots.ts';
import { sweeps, verbs } from './verbs.ts';

/** Everything that may happen next in the life of a payment. */
export function happenings(s: State, stage: Stage): Happening[] {
  const all: Happening[] = [];
  const tell = (one: Happening) => void all.push(one);
  verbs(s, stage, tell);
  sweeps(s, stage, tell);
  records(s, stage, tell);
  acts(s, stage, tell);
  return all;
}

export function beginning(slots: readonly Slot[]): State {
  const fields = fieldsOf(slots, states.length);
  return Object.fromEntries(Object.keys(fields).map((name) => [name, 0])) as State;
}

/** The operations of the life that is explored: two providers, and one of what may come again. */
const explored: readonly Slot[] = [
  { kind: 'authorize', provider: 'A', amount: 2 },
  { kind: 'authorize', provider: 'B', amount: 2 },
  { kind: 'cancel', provider: 'A', amount: 2, against: 0 },
  { kind: 'capture', provider: 'A', amount: 2 },
  { kind: 'void', provider: 'A', amount: 2 },
  { kind: 'void', provider: 'A', amount: 2 },
  { kind: 'refund', provider: 'A', amount: 1 },
  { kind: 'refund', provider: 'A', amount: 1 },
];

/** Operations of a life in which what was given up takes place after all. */
const exploredLate: readonly Slot[] = [
  { kind: 'authorize', provider: 'A', amount: 2 },
  { kind: 'authorize', provider: 'B', amount: 2 },
  { kind: 'capture', provider: 'B', amount: 2 },
  { kind: 'void', provider: 'B', amount: 2 },
  { kind: 'void', provider: 'A', amount: 2, against: 0 },
  { kind: 'void', provider: 'B', amount: 2, against: 1 },
];

/**
 * The whole life of a payment: every move and fact of the table, authorization, failover behind a tombstone, queue,
 * review, capture, void, refunds that come back, settlement. Who carries what is left out: anything that is on record
 * or in a provider's books may be sent, heard of and recorded at any time, or never.
 */
export function life(): Model<State> {
  return lifeOn('the whole life of a payment', { slots: explored, promisesBroken: false, bounded: true }, landmarks);
}

/** The same at providers that act on what can't have been under way any more: what nobody expects is given back. */
export function lifeOfBrokenPromises(): Model<State> {
  const stage: Stage = { slots: exploredLate, promisesBroken: true, bounded: true };
  return lifeOn('providers that break their word', stage, landmarksLate);
}

function lifeOn(name: string, stage: Stage, marks: Model<State>['landmarks']): Model<State> {
  const { slots } = stage;
  return {
    name,
    fields: fieldsOf(slots, states.length),
    start: beginning(slots),
    payment: 'state',
    steps(s, go) {
      for (const { words, to, commit } of happenings(s, stage)) {
        go(
          words,
          to,
          commit?.map(({ trigger }) => trigger),
        );
      }
    },
    broken: (s) => broken(s, slots),
    atRest: (s) => atRest(s, slots),
    brokenAtRest: (s) => brokenAtRest(s, slots),
    landmarks: marks,
  };
}

function held(s: State, slots: readonly Slot[]): number {
  return slots.filter(({ kind }, n) => kind === 'authorize' && isHeld(s, slots, n)).length;
}

/** Minor units that have really gone back. */
function gone(s: State, slots: readonly Slot[]): number {
  return slots.reduce((sum, { kind, amount }, n) => {
    return kind === 'refund' && of(s, n).said === books.yes ? sum + amount : sum;
  }, 0);
}

function broken(s: State, slots: readonly Slot[]): string | undefined {
  if (held(s, slots) > 1 && s.broke === 0) return 'I1: two authorizations';
  if (s.refunded + s.reserved > s.captured) return 'I2: refunded and reserved exceed the capture';
  if (gone(s, slots) > s.captured) return 'I2: more was given back than captured';
  const moves = slots.filter(({ kind, against }, n) => kind !== 'refund' && against === undefined && isUnclosed(s, n));
  if (moves.length > 1) return 'I3: two of authorize, capture and void are unclosed';
  const ended = s.state === pay.failed || s.state === pay.voided;
  if (ended && s.review === review.open) return 'I11: a person is to look at what has ended';
  const orphan = slots.findIndex((_, n) => of(s, n).status === status.none && of(s, n).said !== books.nothing);
  return orphan < 0 ? undefined : 'I6: a provider acted on what is not on record';
}

function atRest(s: State, slots: readonly Slot[]): boolean {
  const open = s.queued + s.stuck + s.stray > 0;
  return !open && slots.every((_, n) => !isUnclosed(s, n) && !isUnheard(s, n));
}

/** A refund came back, or a broken promise came true, and nobody has told us yet. */
function isUnheard(s: State, n: number): boolean {
  const { said, status: is } = of(s, n);
  if (said === books.back) return is === status.accepted;
  return s.broke === 1 && said === books.yes && is === status.absent;
}

function brokenAtRest(s: State, slots: readonly Slot[]): string | undefined {
  const captured = s.captured > 0;
  const holds = held(s, slots);
  if (s.state === pay.failed && holds > 0) return 'I9: failed here, and the money is held there';
  if (s.state === pay.voided && s.stuck === 0 && captured) return 'I3: captured and voided';
  if (s.state === pay.authorized && holds !== 1) return 'I7: authorized here, and not there';
  if (captured && holds !== 1) return 'I7: captured here, and not there';
  return s.refunded === gone(s, slots) ? undefined : 'I7: what was given back here is not what was given back there';
}

const landmarks: Record<string, (s: State) => boolean> = {
  'B pays after A was cancelled': (s) =>
    of(s, 2).status === status.accepted && of(s, 1).status === status.accepted && of(s, 0).status === status.absent,
  'a challenge that its shopper left is blocked': (s) =>
    of(s, 2).status === status.accepted && of(s, 0).status === status.refused,
  'it is captured after a review': (s) => s.review === 2 && s.state === pay.captured,
  'it is voided after a second try': (s) => s.state === pay.voided && of(s, 5).status === status.accepted,
  'it is settled, refunded, and comes back': (s) => s.state === pay.reconciled && of(s, 7).status === status.undone,
};

const landmarksLate: Record<string, (s: State) => boolean> = {
  'late money is given back': (s) => s.stray === 0 && of(s, 0).status === status.late && s.state === pay.failed,
  'B pays, A acts late, and only A gives it back': (s) =>
    of(s, 4).status === status.accepted && of(s, 1).status === status.accepted && s.state === pay.captured,
};
