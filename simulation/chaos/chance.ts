import { makeDice } from '../engine/dice.ts';

/** Throws in a row, from a seed. What real processes do with them no seed decides: a run is not replayed by it. */
export interface Chance {
  /** Once in so many times. */
  one(in_: number): boolean;
  whole(from: number, below: number): number;
  pick<T>(from: readonly T[]): T;
}

export function makeChance(seed: number, name: string): Chance {
  const dice = makeDice(seed);
  let throws = 0;
  const next = () => `${name}/${++throws}`;
  return {
    one: (in_) => dice.chance(next(), 1 / in_),
    whole: (from, below) => from + dice.whole(next(), below - from),
    pick: (from) => dice.pick(next(), from),
  };
}
