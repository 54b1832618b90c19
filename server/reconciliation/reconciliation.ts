import type { Caller } from '#server/auth/caller.ts';

/** Which difference, by its uuid. */
interface OfDifference {
  differenceId: string;
}

export interface AssignInput extends OfDifference {
  /** Null: nobody's any more. A name is kept beside the id, as it is today. */
  to: { staffId: string; name: string } | null;
}

export interface NoteInput extends OfDifference {
  /** 1 to 2,000 characters. */
  text: string;
}

export interface ResolveInput extends OfDifference {
  /** 10 to 2,000 characters: what it was, and where that is seen. */
  reason: string;
}

export interface ProposeEndInput extends OfDifference {
  /** `matched`: the line is the operation's that is named, though no rule found it. */
  end: 'written_off' | 'matched';
  /** 10 to 2,000 characters. */
  reason: string;
  /** Of a forced match, and of no other. */
  operationId?: string;
}

export interface ConfirmEndInput extends OfDifference {
  /** When the proposal was made that is meant: another may have taken its place in the meantime. */
  proposedAt: Date;
}

/** The verbs of the room. Every method of a person's throws Refusal for an expected "no". */
export interface Reconciliation {
  /** Asks each provider for the files that are not here yet, also for those of a downtime; for the worker. How many. */
  fetch(): Promise<number>;
  /**
   * Reads, matches and posts files that wait, oldest day first, at most `limit` of them; for the worker. Two workers
   * never hold one file. Returns how many it dealt with.
   */
  work(limit: number): Promise<number>;
  /** Matches bank statements that wait with payouts; for the worker. Returns how many. */
  matchBank(limit: number): Promise<number>;
  /** Raises what people have to know of, and ends what is over; for the worker. */
  watch(): Promise<number>;

  /** Gives a difference to somebody, or to nobody. @throws Refusal `not_found`, `illegal_move` where it has ended. */
  assign(caller: Caller, input: AssignInput): Promise<void>;
  /** Says something about a difference, also about one that has ended. @throws Refusal `not_found`, `invalid_input`. */
  note(caller: Caller, input: NoteInput): Promise<void>;
  /** Ends a difference that is explained, and moves no money. @throws Refusal `illegal_move` where it has ended. */
  resolve(caller: Caller, input: ResolveInput): Promise<void>;
  /** One person's wish to write a difference off, or to force a match; a second person confirms it. */
  proposeEnd(caller: Caller, input: ProposeEndInput): Promise<void>;
  /** The second person's yes. @throws Refusal `second_person` for who proposed it, `stale` where it is another one. */
  confirmEnd(caller: Caller, input: ConfirmEndInput): Promise<void>;
  /** Takes a proposal back: its author, or the second person who does not agree. */
  withdrawEnd(caller: Caller, input: ConfirmEndInput): Promise<void>;
}
