/**
 * Chance with names: a throw belongs to its name and the seed, not to its turn. What is left out of a plan changes no
 * other throw, which is what makes a failing plan small enough to read.
 */
export interface Dice {
  /** In [0, 1). */
  of(name: string): number;
  /** A whole number from 0 up to, and without, `below`. */
  whole(name: string, below: number): number;
  chance(name: string, probability: number): boolean;
  pick<T>(name: string, from: readonly T[]): T;
  /** Bytes for ids and secrets: the nth call under a name gives other bytes than the first. */
  bytes(name: string): (size: number) => Buffer;
}

/** @param seed  A whole number. */
export function makeDice(seed: number): Dice {
  const of = (name: string) => hash(seed, name) / 2 ** 32;
  const whole = (name: string, below: number) => Math.floor(of(name) * below);
  return {
    of,
    whole,
    chance: (name, probability) => of(name) < probability,
    pick<T>(name: string, from: readonly T[]) {
      if (from.length === 0) throw new Error(`nothing to pick from: ${name}`);
      return from[whole(name, from.length)] as T;
    },
    bytes(name) {
      let state = hash(seed, name);
      return (size) => {
        const bytes = Buffer.alloc(size);
        for (let n = 0; n < size; n += 1) {
          state = (state + 0x9e3779b9) >>> 0;
          bytes[n] = mixed(state) >>> 24;
        }
        return bytes;
      };
    },
  };
}

/** FNV-1a over the name, begun with the seed, then mixed: neighbours in name or seed have nothing in common. */
function hash(seed: number, name: string): number {
  let value = mixed(seed >>> 0) ^ mixed(Math.floor(seed / 2 ** 32) + 0x5bd1e995);
  for (let n = 0; n < name.length; n += 1) value = Math.imul(value ^ name.charCodeAt(n), 0x01000193);
  return mixed(value >>> 0);
}

/** The finisher of MurmurHash3 (Appleby): each bit of the input reaches each bit of the output. */
function mixed(value: number): number {
  let h = value;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
