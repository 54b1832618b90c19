import type { EventTrigger } from '#server/payments/core/machine.ts';

/** One state of a model: small whole numbers by name. A type alias of such fields, not an interface. */
export type Fielded = Record<string, number>;

/**
 * Tells of one thing that may happen next.
 *
 * @param words  Who does what, as it stands in a trace: "try 1 sends".
 * @param path   The triggers of the payment's table that it takes, in order; none where its state stays.
 */
export type Go<S> = (words: string, to: S, path?: readonly EventTrigger[]) => void;

/** A protocol small enough to be explored whole: every state that it can come to, whatever goes wrong. */
export interface Model<S extends Fielded> {
  name: string;
  /** How many values each field has: 0 to one less. */
  fields: { readonly [K in keyof S]: number };
  start: S;
  /** Everything that may happen next: steps of ours, of the providers, of the network, and of whoever kills. */
  steps(s: S, go: Go<S>): void;
  /** Which field is the payment's state, an index into the table's `states`. None where the model has no payment. */
  payment?: keyof S & string;
  /** What must hold in every state. @returns The breach in words. */
  broken(s: S): string | undefined;
  /** Nothing runs, nothing is under way, nothing is unanswered. */
  atRest(s: S): boolean;
  /** What must hold at rest as well. @returns The breach in words. */
  brokenAtRest(s: S): string | undefined;
  /** States that must be reached, or the model proves nothing: by what they show. */
  landmarks: Record<string, (s: S) => boolean>;
}
