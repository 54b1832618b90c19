import type { Answer, Stage, Tell } from './happening.ts';
import { books, isUnclosed, of, type Slot, type State, status, withOp } from './slots.ts';
import { named } from './verbs.ts';

/** What the providers may do, by their books. */
export function acts(s: State, stage: Stage, tell: Tell): void {
  for (const [n, slot] of stage.slots.entries()) {
    const { said, way, status: is } = of(s, n);
    const act = (answer: Answer, words: string, broke = s.broke) => {
      const to = withOp({ ...s, broke }, n, { said: books[answer] });
      tell({
        words: `${slot.provider} ${words} ${named(stage, n)}`,
        to,
        of: n,
        acted: { op: n, moved: answer === 'yes' && slot.kind !== 'cancel' },
      });
    };
    if (slot.kind === 'refund' && said === books.yes && is === status.accepted) act('back', 'takes back');
    if (slot.foreign && said === books.nothing && hasCaptured(s, stage.slots)) act('yes', 'makes by itself');
    if (said === books.challenged && !isBlocked(s, stage.slots, n)) {
      act('yes', 'hears the shopper, and does');
      act('no', 'does not hear the shopper, and declines');
    }
    if (said !== books.nothing) continue;
    if (way === 1 && isUnclosed(s, n)) decides(s, { n, slot, stage, tell }, act);
    const late = stage.promisesBroken && is === status.absent && may(s, stage.slots, n) && hasWayBack(stage, n);
    if (late && !isBlocked(s, stage.slots, n)) act('yes', 'does long after its time', 1);
  }
}

/** Where operations are few, only what can be given back is done late. */
function hasWayBack({ slots, bounded }: Stage, n: number): boolean {
  return !bounded || slots.some(({ kind, against }) => kind !== 'cancel' && against === n);
}

type Act = (answer: Answer, words: string) => void;

function decides(s: State, { n, slot, stage, tell }: { n: number; slot: Slot; stage: Stage; tell: Tell }, act: Act) {
  if (slot.kind === 'cancel') {
    if (of(s, slot.against ?? 0).said === books.yes) act('no', 'is too late for');
    else act('yes', 'lays a tombstone by');
    return;
  }
  act('no', 'declines');
  // What lies under a tombstone is refused without a line in the books.
  if (isBlocked(s, stage.slots, n)) {
    tell({ words: `${named(stage, n)} is refused under its tombstone`, to: withOp(s, n, { said: books.no }), of: n });
  }
  if (!may(s, stage.slots, n)) return;
  act('yes', 'does');
  if (slot.kind === 'authorize') act('challenged', 'challenges the shopper of');
}

/** What an honest provider does at all: nothing under a tombstone, no capture of what is voided or captured. */
function may(s: State, slots: readonly Slot[], n: number): boolean {
  const { kind, against } = slots[n] ?? {};
  if (kind === 'authorize') return !isBlocked(s, slots, n);
  if (kind === 'refund') return true;
  const target =
    against ?? slots.findIndex((slot, m) => slot.kind === 'authorize' && of(s, m).status === status.accepted);
  return isHeld(s, slots, target) && !isCaptured(s, slots, target);
}

/** A tombstone lies on its key. */
export function isBlocked(s: State, slots: readonly Slot[], n: number): boolean {
  return slots.some(({ kind, against }, m) => kind === 'cancel' && against === n && of(s, m).said === books.yes);
}

/** The provider holds money under this authorization, captured or not. */
export function isHeld(s: State, slots: readonly Slot[], n: number): boolean {
  return (
    of(s, n).said === books.yes &&
    !slots.some((slot, m) => isDone(s, m) && slot.kind === 'void' && aims(s, slots, m, n))
  );
}

function isCaptured(s: State, slots: readonly Slot[], n: number): boolean {
  return slots.some((slot, m) => isDone(s, m) && slot.kind === 'capture' && aims(s, slots, m, n));
}

function hasCaptured(s: State, slots: readonly Slot[]): boolean {
  return slots.some(({ kind }, m) => kind === 'capture' && isDone(s, m));
}

function isDone(s: State, n: number): boolean {
  return of(s, n).said === books.yes;
}

/** Whether what stands at `m` is aimed at the authorization at `n`: the accepted one, or the one it gives back. */
function aims(s: State, slots: readonly Slot[], m: number, n: number): boolean {
  const against = slots[m]?.against;
  return against === undefined ? of(s, n).status === status.accepted : against === n;
}
