import { howMany, numbered, op, pay, said } from '../words.ts';

/** Where somebody stands who carries an operation to its answer. `away`: not come, gone for good, or killed. */
export const at = numbered(
  'away',
  'looked',
  'early',
  'opened',
  'waiting',
  'heard_yes',
  'heard_no',
  'heard_nothing',
  'told_paid',
  'told_failed',
);

/**
 * Where the sweep stands: its question is out (`asked`; `asked_late` where nothing could be under way any more), or
 * what it heard has still to be recorded.
 */
export const sweep = numbered(
  'idle',
  'asked',
  'asked_late',
  'heard_yes',
  'heard_no',
  'not_found',
  'not_found_late',
  'opened',
  'waiting',
  'heard_nothing',
);

/** How old the unclosed operation is: its key is sent again, only looked up, or forgotten by the provider. */
export const age = numbered('young', 'old', 'forgotten');

/** The three operations of one payment; at most one of them is unclosed. */
export const kinds = ['authorize', 'capture', 'void'] as const;
export type Kind = (typeof kinds)[number];

/** What the database and the provider know, what is under way between them, and where everybody stands. */
export const fields = {
  state: howMany(pay),
  /** Postings of a capture. */
  ledger: 3,
  authorize: howMany(op),
  capture: howMany(op),
  void: howMany(op),
  age: howMany(age),
  /** Before a person: no clock lets go of the card. */
  stuck: 2,
  try1: howMany(at),
  try2: howMany(at),
  merchantCaptures: howMany(at),
  merchantVoids: howMany(at),
  sweep: howMany(sweep),
  /** Which operation the sweep asks about. */
  about: kinds.length,
  /** A posting that a second transaction has still to make: in a wrong variant alone. */
  owed: 2,
  /** Requests under way, in any number of copies. */
  authorizeUnderWay: 2,
  captureUnderWay: 2,
  voidUnderWay: 2,
  /** The provider's answer under the key of each. */
  authorizeSaid: howMany(said),
  captureSaid: howMany(said),
  voidSaid: howMany(said),
  /** What really happened at the provider. */
  authorizations: 3,
  captures: 3,
  voids: 3,
};

export type State = Record<keyof typeof fields, number>;

export const start = Object.fromEntries(Object.keys(fields).map((name) => [name, 0])) as State;

/** The fields of each operation. */
export const underWay = { authorize: 'authorizeUnderWay', capture: 'captureUnderWay', void: 'voidUnderWay' } as const;
export const answerTo = { authorize: 'authorizeSaid', capture: 'captureSaid', void: 'voidSaid' } as const;
export const effects = { authorize: 'authorizations', capture: 'captures', void: 'voids' } as const;

/** The operation that has no last word yet. */
export function unclosed(s: State): Kind | undefined {
  return kinds.find((kind) => s[kind] === op.open);
}
