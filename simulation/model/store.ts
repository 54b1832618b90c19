import assert from 'node:assert/strict';
import type { Fielded } from './model.ts';

interface Layout {
  names: readonly string[];
  values: Int32Array;
  /** In which 32-bit word each field stands, and how far to the left. None straddles two. */
  word: Uint8Array;
  shift: Uint8Array;
  width: number;
}

function layoutOf(fields: Fielded): Layout {
  const names = Object.keys(fields);
  const values = Int32Array.from(Object.values(fields));
  const [word, shift] = [new Uint8Array(names.length), new Uint8Array(names.length)];
  let [at, used] = [0, 0];
  for (const [n, most] of values.entries()) {
    const bits = bitsFor(most);
    if (used + bits > 32) [at, used] = [at + 1, 0];
    [word[n], shift[n]] = [at, used];
    used += bits;
  }
  return { names, values, word, shift, width: at + 1 };
}

function bitsFor(values: number): number {
  return 32 - Math.clz32(values - 1);
}

const firstRoom = 1 << 12;

/**
 * The states that were seen, each once, in the order of their discovery: packed into a few 32-bit words each, found by
 * an open-addressing table. A state of 60 bits takes 8 bytes here and 8 to 16 in the table.
 */
export class Store<S extends Fielded> {
  size = 0;
  readonly #layout: Layout;
  readonly #width: number;
  readonly #template: Fielded;
  #words: Int32Array;
  #table = new Int32Array(firstRoom * 2);
  readonly #packed: Int32Array;

  constructor(fields: S) {
    this.#layout = layoutOf(fields);
    this.#width = this.#layout.width;
    this.#template = { ...fields };
    this.#words = new Int32Array(firstRoom * this.#width);
    this.#packed = new Int32Array(this.#width);
  }

  /** @returns  Its place; a place equal to the former `size` where it is new. */
  add(state: S): number {
    this.#pack(state);
    if (this.size * 2 >= this.#table.length) this.#grow();
    const slot = this.#find();
    const known = this.#table[slot] ?? 0;
    if (known > 0) return known - 1;
    this.#words.set(this.#packed, this.size * this.#width);
    this.#table[slot] = ++this.size;
    return this.size - 1;
  }

  get(at: number): S {
    const { names, values, word, shift } = this.#layout;
    const state = { ...this.#template };
    const from = at * this.#width;
    for (const [n, name] of names.entries()) {
      const bits = (this.#words[from + (word[n] ?? 0)] ?? 0) >>> (shift[n] ?? 0);
      state[name] = bits & ((1 << bitsFor(values[n] ?? 0)) - 1);
    }
    return state as S;
  }

  #pack(state: Fielded): void {
    const { word, shift, values } = this.#layout;
    let [n, at, bits] = [0, 0, 0];
    // In the order in which the fields were declared, which copies keep: several times as fast as by their names.
    for (const name in state) {
      const value = state[name] ?? -1;
      if (value < 0 || value >= (values[n] ?? 0)) assert.fail(`${name} is ${value}, and has ${values[n]} values`);
      if (word[n] !== at) {
        this.#packed[at] = bits;
        bits = 0;
        at++;
      }
      bits |= value << (shift[n] ?? 0);
      n++;
    }
    this.#packed[at] = bits;
  }

  /** The slot where the packed state stands, or would stand. */
  #find(): number {
    const last = this.#table.length - 1;
    const packed = this.#packed;
    const width = this.#width;
    let hash = 0x9e3779b9;
    for (let w = 0; w < width; w++) hash = mixed(hash ^ (packed[w] ?? 0));
    for (let slot = hash & last; ; slot = (slot + 1) & last) {
      const known = this.#table[slot] ?? 0;
      if (known === 0 || this.#equals((known - 1) * width)) return slot;
    }
  }

  #equals(from: number): boolean {
    for (let w = 0; w < this.#width; w++) if (this.#words[from + w] !== this.#packed[w]) return false;
    return true;
  }

  #grow(): void {
    const words = new Int32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#table = new Int32Array(this.#table.length * 2);
    const wanted = this.#packed.slice();
    for (let at = 0; at < this.size; at++) {
      this.#packed.set(words.subarray(at * this.#width, (at + 1) * this.#width));
      this.#table[this.#find()] = at + 1;
    }
    this.#packed.set(wanted);
  }
}

function mixed(word: number): number {
  let x = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return x ^ (x >>> 16);
}
