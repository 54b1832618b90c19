import type { Word } from './mortal/fate.ts';
import { makePairs, type Pairs } from './pairs.ts';
import type { Recovery, Service } from './place.ts';

/** Faults that were injected, by kind. A fault that never took effect counts as not tested. */
export interface FaultCount {
  injected: number;
  took: number;
}

/** From when to when PostgreSQL was away, and when the product first answered again, by `performance.now()`. */
export interface Outage {
  from: number;
  startedAt: number;
  answeredAt: number | undefined;
}

/** What happened in a run. */
export interface Records {
  pairs: Pairs;
  faults: Map<string, FaultCount>;
  recoveries: Recovery[];
  outages: Outage[];
  /** Deaths at a failpoint, each with an operation in flight. */
  deaths(): number;
  count(fault: string, took: boolean): void;
  heard(service: Service, word: Word): void;
  recovered(recovery: Recovery): void;
}

export function makeRecords(): Records {
  const pairs = makePairs();
  const faults = new Map<string, FaultCount>();
  const recoveries: Recovery[] = [];
  let deaths = 0;
  const count = (fault: string, took: boolean) => {
    const known = faults.get(fault) ?? { injected: 0, took: 0 };
    known.injected += 1;
    if (took) known.took += 1;
    faults.set(fault, known);
  };
  return {
    pairs,
    faults,
    recoveries,
    outages: [],
    deaths: () => deaths,
    count,
    heard(service, word) {
      if (word.word === 'passed') pairs.passed(service.kind, word.passed);
      if (word.word !== 'struck') return;
      if (word.signal === 'SIGSTOP') return count('F7: a process frozen in the midst of an operation, and woken', true);
      deaths += 1;
      pairs.struck(word.at);
      count('F1: SIGKILL at a failpoint, with an operation in flight', true);
    },
    recovered: (recovery) => void recoveries.push(recovery),
  };
}
