import type { Kind } from './place.ts';

/** Deaths by failpoint and operation. Which pairs exist is learned from what is passed. */
export interface Pairs {
  passed(kind: Kind, passed: Readonly<Record<string, number>>): void;
  struck(pair: string): void;
  /**
   * Where a process of this kind is to die next: at the pairs that have not seen enough deaths, at the half that has
   * seen fewer where all have, or at any.
   */
  wanted(kind: Kind, all?: boolean): string[];
  counts(): PairCount[];
}

export interface PairCount {
  pair: string;
  kind: Kind;
  passed: number;
  deaths: number;
}

/** Passed where there is nothing to lose: once in a database's life, or for what this load has none of. */
const idle = [/^nobody /, /^look /, / events\.new-consumer:/, /\.prune:/, / alerts\.claim:/];

/** More commits than this within one operation come from compensations and repeated tries, each alike. */
const commitsApart = 3;

/** Deaths that each pair is to see. */
export const enough = 5;

export function makePairs(): Pairs {
  const known = new Map<string, PairCount>();
  return {
    passed(kind, passed) {
      for (const [pair, times] of Object.entries(passed)) {
        const commit = Number(/#(\d+) /.exec(pair)?.[1] ?? 0);
        if (commit > commitsApart || idle.some((pattern) => pattern.test(pair))) continue;
        const count = known.get(pair) ?? { pair, kind, passed: 0, deaths: 0 };
        count.passed += times;
        known.set(pair, count);
      }
    },
    struck(pair) {
      const count = known.get(pair);
      if (count) count.deaths += 1;
    },
    wanted(kind, all = false) {
      const mine = [...known.values()].filter((count) => count.kind === kind);
      const few = mine.filter(({ deaths }) => deaths < enough);
      if (few.length > 0 && !all) return few.map(({ pair }) => pair);
      const middle = mine.map(({ deaths }) => deaths).sort((one, other) => one - other)[mine.length >> 1] ?? 0;
      return mine.filter(({ deaths }) => all || deaths <= middle).map(({ pair }) => pair);
    },
    counts: () => [...known.values()].sort((one, other) => one.pair.localeCompare(other.pair, 'en')),
  };
}
