import { type FaultCount, type FaultKind, faults, type Tally } from '../faults.ts';

/** The account of one world's faults. */
export function makeTally(): Tally {
  const injected = new Map<FaultKind, number>();
  /** By kind: of each fault that took effect, the payments that it touched. */
  const taken = new Map<FaultKind, Set<number>[]>();
  const met = new Map<number, Set<FaultKind>>();

  function countsOf(kind: FaultKind, broken: ReadonlySet<number>): FaultCount {
    const effects = taken.get(kind) ?? [];
    const recovered = effects.filter((payments) => ![...payments].some((n) => broken.has(n)));
    return { injected: injected.get(kind) ?? 0, took: effects.length, recovered: recovered.length };
  }

  return {
    injected: (kind) => void injected.set(kind, (injected.get(kind) ?? 0) + 1),
    took(kind, payments) {
      const touched = new Set(payments);
      for (const n of touched) met.set(n, (met.get(n) ?? new Set()).add(kind));
      const effects = taken.get(kind) ?? [];
      taken.set(kind, effects);
      // A database that is away takes effect on everybody who calls: that is one fault, which touches one more.
      const last = effects.at(-1);
      if (last && effects.length >= (injected.get(kind) ?? 0)) for (const n of touched) last.add(n);
      else effects.push(touched);
    },
    met: () => met,
    counts: (broken) => {
      const kinds = Object.keys(faults) as FaultKind[];
      return Object.fromEntries(kinds.map((kind) => [kind, countsOf(kind, broken)])) as Record<FaultKind, FaultCount>;
    },
  };
}
