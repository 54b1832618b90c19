import { howMany, numbered } from '../words.ts';

/**
 * One operation that the life of a payment may have. Its place in the list is its name in the model: operations are
 * opened in this order, each once.
 */
export interface Slot {
  kind: 'authorize' | 'capture' | 'void' | 'refund' | 'cancel';
  provider: string;
  /** In minor units. */
  amount: number;
  /** The place of the operation that it blocks (cancel), or whose stray money it gives back. */
  against?: number;
  /** Made at the provider without us. */
  foreign?: boolean;
}

/** What is on record of an operation. `late`: its effect came after its end; `undone`: a refund that came back. */
export const status = numbered(
  'none',
  'open',
  'challenged',
  'pending',
  'accepted',
  'refused',
  'absent',
  'late',
  'undone',
);

/** What the provider has in its books; `back`: it took a refund back. */
export const books = numbered('nothing', 'challenged', 'yes', 'no', 'back');

/** What is known of one operation. */
export interface Known {
  status: number;
  said: number;
  /** A request of it may be under way. */
  way: number;
  /** It was sent more than once. */
  resent: number;
}

/** The state of a life: the payment's own fields, then four of each operation. */
export type State = Head & Record<string, number>;

export type Head = {
  state: number;
  /** Of risk: none, open, approved, rejected. */
  review: number;
  queued: number;
  /** A person has to let the card go. */
  stuck: number;
  reconciled: number;
  /** Minor units. */
  captured: number;
  refunded: number;
  reserved: number;
  stray: number;
  /** A provider has broken its word: it acted on what can't have been under way any more. */
  broke: number;
};

export const review = numbered('none', 'open', 'approved', 'rejected');

const keys = (n: number) => ({ status: `op${n}`, said: `said${n}`, way: `way${n}`, resent: `resent${n}` });
const known = Array.from({ length: 520 }, (_, n) => keys(n));

export function of(s: State, n: number): Known {
  const { status, said, way, resent } = known[n] ?? keys(n);
  return { status: s[status] ?? 0, said: s[said] ?? 0, way: s[way] ?? 0, resent: s[resent] ?? 0 };
}

export function withOp(s: State, n: number, to: Partial<Known>): State {
  const { status, said, way, resent } = known[n] ?? keys(n);
  const next: State = { ...s };
  if (to.status !== undefined) next[status] = to.status;
  if (to.said !== undefined) next[said] = to.said;
  if (to.way !== undefined) next[way] = to.way;
  if (to.resent !== undefined) next[resent] = to.resent;
  return next;
}

export function isUnclosed(s: State, n: number): boolean {
  const is = of(s, n).status;
  return is === status.open || is === status.challenged || is === status.pending;
}

/** How many values each field has: amounts up to those of the slots. */
export function fieldsOf(slots: readonly Slot[], states: number): State {
  const most = slots.reduce((sum, { amount }) => sum + amount, 0) + 1;
  const head: Head = {
    state: states,
    review: howMany(review),
    queued: 2,
    stuck: 2,
    reconciled: 2,
    captured: most,
    refunded: most,
    reserved: most,
    stray: most,
    broke: 2,
  };
  const operations = slots.flatMap((_, n) => {
    const { status: is, said, way, resent } = keys(n);
    return [
      [is, howMany(status)],
      [said, howMany(books)],
      [way, 2],
      [resent, 2],
    ] as const;
  });
  return { ...head, ...Object.fromEntries(operations) };
}
