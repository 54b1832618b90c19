import { type PaymentState, states } from '#server/payments/core/machine.ts';

/** Names for the values of a field, in order: `numbered('none', 'open')` is `{ none: 0, open: 1 }`. */
export function numbered<const N extends string>(...names: N[]): Record<N, number> {
  return Object.fromEntries(names.map((name, value) => [name, value])) as Record<N, number>;
}

export function howMany(values: Record<string, number>): number {
  return Object.keys(values).length;
}

/** The payment's states as they are numbered here: by their place in the table of moves. */
export const pay = Object.fromEntries(states.map((state, n) => [state, n])) as Record<PaymentState, number>;

/** What is on record of an operation. */
export const op = numbered('none', 'open', 'accepted', 'refused', 'absent');

/** What a provider has answered under a key: nothing yet, that it did it, that it did not. */
export const said = numbered('nothing', 'yes', 'no');
