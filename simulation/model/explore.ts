import assert from 'node:assert/strict';
import { type EventTrigger, legalSteps, type PaymentState, states } from '#server/payments/core/machine.ts';
import type { Fielded, Model } from './model.ts';
import { Numbers } from './numbers.ts';
import { Store } from './store.ts';

export interface Explored {
  model: string;
  states: number;
  transitions: number;
  /** Of processor time: the same on a busy machine as on an idle one, more or less. */
  seconds: number;
  /** The first breach, by the shortest way there. */
  breach: Breach | undefined;
  /** States from which rest can't be reached any more, and the way to the first of them. */
  stuck: { states: number; trace: string[] };
  restStates: number;
  /** The landmarks that were not reached. */
  notReached: string[];
  /** The legal steps that were taken, as "from trigger to". */
  taken: Set<string>;
  /** What happens, in words, and how many states were found first by it. */
  happened: Map<string, number>;
}

export interface Breach {
  what: string;
  trace: string[];
}

const legal = new Map(legalSteps().map(({ from, trigger, to }) => [`${from} ${trigger}`, to]));

/**
 * Explores a model breadth-first, so that each state is found by a shortest way. Stops at the first breach: a wrong
 * variant needs no more.
 */
export function explore<S extends Fielded>(model: Model<S>): Explored {
  return new Exploration(model).run();
}

class Exploration<S extends Fielded> {
  readonly #model: Model<S>;
  readonly #store: Store<S>;
  /** For each state, from where and by what it was found first. */
  readonly #parents = new Numbers();
  readonly #verbs = new Numbers();
  /** All steps, state by state: where those of a state begin, and where each leads. */
  readonly #begins = new Numbers();
  readonly #leads = new Numbers();
  readonly #rests = new Numbers();
  readonly #words = new Map<string, number>();
  readonly #happened: number[] = [];
  readonly #taken = new Set<string>();
  readonly #paths = new Map<string, string | undefined>();
  /** The landmarks that were not reached yet. */
  #ahead: [string, (s: S) => boolean][];
  #breach: Breach | undefined;

  constructor(model: Model<S>) {
    this.#model = model;
    this.#store = new Store(model.fields as S);
    const inOrder = Object.keys(model.start).join() === Object.keys(model.fields).join();
    assert.ok(inOrder, 'the first state has all fields, in their order');
    this.#ahead = Object.entries(model.landmarks);
  }

  run(): Explored {
    const since = process.cpuUsage();
    this.#found(this.#model.start, -1, 'it begins');
    for (let at = 0; at < this.#store.size && !this.#breach; at++) this.#expand(at);
    const stuck = this.#breach ? { states: 0, trace: [] } : this.#stuck();
    return {
      model: this.#model.name,
      states: this.#store.size,
      transitions: this.#leads.size,
      seconds: secondsSince(since),
      breach: this.#breach,
      stuck,
      restStates: this.#rests.size,
      notReached: this.#ahead.map(([name]) => name),
      taken: this.#taken,
      happened: new Map([...this.#words].map(([words, n]) => [words, this.#happened[n] ?? 0])),
    };
  }

  #expand(at: number): void {
    const state = this.#store.get(at);
    this.#begins.push(this.#leads.size);
    this.#model.steps(state, (words, to, path) => {
      if (this.#breach) return;
      this.#leads.push(this.#found(to, at, words));
      const wrong = this.#illegal(state, to, path);
      if (wrong) this.#breach ??= { what: wrong, trace: [...this.#trace(at), words] };
    });
  }

  /** Puts a state on record, and holds a new one against all that must be true of it. */
  #found(state: S, parent: number, words: string): number {
    const before = this.#store.size;
    const place = this.#store.add(state);
    if (place < before) return place;
    this.#parents.push(parent);
    this.#verbs.push(this.#verb(words));
    if (this.#ahead.some(([, is]) => is(state))) this.#ahead = this.#ahead.filter(([, is]) => !is(state));
    const atRest = this.#model.atRest(state);
    if (atRest) this.#rests.push(place);
    const what = this.#model.broken(state) ?? (atRest ? this.#model.brokenAtRest(state) : undefined);
    if (what) this.#breach = { what, trace: this.#trace(place) };
    return place;
  }

  /** The table of moves, walked beside the model: the path has to be legal and to end where the model says. */
  #illegal(from: S, to: S, path: readonly EventTrigger[] | undefined): string | undefined {
    const field = this.#model.payment;
    if (!field || (!path && from[field] === to[field])) return undefined;
    const key = `${from[field]} ${to[field]} ${path ? path.join(' ') : ''}`;
    if (!this.#paths.has(key)) this.#paths.set(key, this.#walk(stateOf(from[field]), stateOf(to[field]), path ?? []));
    return this.#paths.get(key);
  }

  #walk(from: PaymentState, end: PaymentState, path: readonly EventTrigger[]): string | undefined {
    let at = from;
    for (const trigger of path) {
      const to = legal.get(`${at} ${trigger}`);
      if (!to) return `illegal move: '${trigger}' from ${at}, to ${end}`;
      this.#taken.add(`${at} ${trigger} ${to}`);
      at = to;
    }
    return at === end ? undefined : `illegal move: from ${from} to ${end}`;
  }

  #verb(words: string): number {
    let verb = this.#words.get(words);
    if (verb === undefined) {
      verb = this.#happened.length;
      this.#words.set(words, verb);
      this.#happened.push(0);
    }
    this.#happened[verb] = (this.#happened[verb] ?? 0) + 1;
    return verb;
  }

  #trace(at: number): string[] {
    const words = [...this.#words.keys()];
    const trace: string[] = [];
    for (let here = at; this.#parents.at(here) >= 0; here = this.#parents.at(here)) {
      trace.push(words[this.#verbs.at(here)] ?? '');
    }
    return trace.reverse();
  }

  /**
   * The states from which rest can't be reached: what a walk backwards from all states of rest does not meet. It goes
   * over the steps again and again, the last state first, until nothing is added; few rounds are enough.
   */
  #stuck(): { states: number; trace: string[] } {
    const can = new Uint8Array(this.#store.size);
    for (let n = 0; n < this.#rests.size; n++) can[this.#rests.at(n)] = 1;
    this.#begins.push(this.#leads.size);
    for (let added = true; added; ) {
      added = false;
      for (let at = can.length - 1; at >= 0; at--) {
        if (can[at] === 1 || !this.#leadsInto(can, at)) continue;
        can[at] = 1;
        added = true;
      }
    }
    const first = can.indexOf(0);
    return { states: can.reduce((sum, ok) => sum + 1 - ok, 0), trace: first < 0 ? [] : this.#trace(first) };
  }

  #leadsInto(can: Uint8Array, at: number): boolean {
    const end = this.#begins.at(at + 1);
    for (let n = this.#begins.at(at); n < end; n++) if (can[this.#leads.at(n)] === 1) return true;
    return false;
  }
}

function secondsSince(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000_000;
}

function stateOf(index: number | undefined): PaymentState {
  return states[index ?? -1] ?? 'initiated';
}
