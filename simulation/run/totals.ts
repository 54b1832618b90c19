import { createHash } from 'node:crypto';
import { type FaultCount, type FaultKind, faults } from '../faults.ts';
import type { Breach } from '../judge/invariant.ts';
import type { SeedResult } from './seed.ts';

/** What many worlds come to. */
export interface Totals {
  seeds: number;
  payments: number;
  /** Payments that met no fault, one kind, two, three or more. */
  met: [none: number, one: number, two: number, more: number];
  counts: Record<FaultKind, FaultCount>;
  edges: Record<string, number>;
  /** Ways of payments that differ from one another, and worlds that do. */
  ways: number;
  worlds: number;
  steps: number;
  /** Virtual milliseconds from the last wish to rest. */
  rest: { median: number; longest: number };
  breaches: { seed: number; breach: Breach }[];
}

export interface Account {
  add(result: SeedResult): void;
  totals(): Totals;
}

/** Adds worlds up. Of ways it keeps a digest each: a million of them fit into memory. */
export function openAccount(): Account {
  const counts = Object.fromEntries(
    Object.keys(faults).map((kind) => [kind, { injected: 0, took: 0, recovered: 0 }]),
  ) as Record<FaultKind, FaultCount>;
  const edges: Record<string, number> = {};
  const ways = new Set<string>();
  const worlds = new Set<string>();
  const rests: number[] = [];
  const breaches: Totals['breaches'] = [];
  const met: Totals['met'] = [0, 0, 0, 0];
  const sums = { seeds: 0, payments: 0, steps: 0 };

  return {
    add(result) {
      sums.seeds += 1;
      sums.payments += result.payments;
      sums.steps += result.steps;
      const kinds = new Map(result.met);
      met[0] += result.payments - kinds.size;
      for (const of of kinds.values()) met[Math.min(of.length, 3) as 1 | 2 | 3] += 1;
      for (const [kind, count] of Object.entries(result.counts) as [FaultKind, FaultCount][]) {
        counts[kind].injected += count.injected;
        counts[kind].took += count.took;
        counts[kind].recovered += count.recovered;
      }
      for (const [edge, n] of Object.entries(result.edges)) edges[edge] = (edges[edge] ?? 0) + n;
      for (const way of result.ways) ways.add(createHash('sha256').update(way).digest('base64').slice(0, 16));
      worlds.add(result.digest);
      rests.push(result.restAfter);
      for (const breach of result.breaches) breaches.push({ seed: result.seed, breach });
    },
    totals() {
      const sorted = rests.toSorted((a, b) => a - b);
      const rest = { median: sorted[Math.floor(sorted.length / 2)] ?? 0, longest: sorted.at(-1) ?? 0 };
      return { ...sums, met, counts, edges, ways: ways.size, worlds: worlds.size, rest, breaches };
    },
  };
}
