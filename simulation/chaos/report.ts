import { cpus } from 'node:os';
import type { Breach } from '../judge/invariant.ts';
import type { House } from './house/house.ts';
import { lastWords } from './house/last-words.ts';
import { kinds, type Recovery } from './place.ts';
import { type Cut, cuts } from './proxy.ts';
import type { FaultCount, Outage, Records } from './records.ts';
import { inWords, type Rest } from './rest.ts';

/** Milliseconds within which a process serves again after its end, and the product answers after PostgreSQL's start. */
export interface Bounds {
  process: number;
  database: number;
}

export interface Spread {
  count: number;
  median: number;
  worst: number;
}

/** All that a run has measured; times in milliseconds. */
export interface Report {
  seed: number;
  machine: string;
  lasted: number;
  payments: number;
  answers: number;
  deaths: number;
  pairs: ReturnType<Records['pairs']['counts']>;
  faults: Record<string, FaultCount>;
  recoveries: Record<string, Spread>;
  /** With the database away for a part of it: reported, and held to no bound but the database's. */
  withoutDatabase: Spread;
  database: Spread & { away: Spread };
  /** Processes that ended without being killed. */
  byItself: string[];
  /** What they said of it. */
  lastWords: string[];
  rested: Rest;
  breaches: Breach[];
  /** What was missed, in words; empty where the run is good. */
  failures: string[];
}

export interface Measured {
  records: Records;
  house: House;
  rested: Rest;
  breaches: Breach[];
  payments: number;
  answers: number;
  lasted: number;
  seed: number;
  bounds: Bounds;
}

export function reportOf(measured: Measured): Report {
  const { records, rested, breaches, payments, answers, lasted, seed, bounds } = measured;
  const [clean, hindered] = split(records);
  const report = {
    seed,
    machine: `${cpus().length} cores, ${cpus()[0]?.model ?? 'unknown'}`,
    lasted: Math.round(lasted),
    payments,
    answers,
    deaths: records.deaths(),
    pairs: records.pairs.counts(),
    faults: inOrder([...records.faults, ...Object.entries(cutCounts(measured.house))]),
    recoveries: recoveriesOf(clean),
    withoutDatabase: spread(hindered.map(lastedFor)),
    database: databaseOf(records.outages),
    byItself: records.recoveries.filter(({ cause }) => cause === 'by itself').map(({ service }) => service),
    lastWords: lastWords(measured.house.folder),
    rested,
    breaches,
  };
  return { ...report, failures: failuresOf(report, bounds) };
}

const lastedFor = ({ endedAt, servesAt }: Recovery) => servesAt - endedAt;

/** Those that the database let come back, and those that it kept waiting. */
function split({ recoveries, outages }: Records): [Recovery[], Recovery[]] {
  const isHindered = ({ endedAt, servesAt }: Recovery) =>
    outages.some(({ from, answeredAt }) => from < servesAt && (answeredAt ?? Number.POSITIVE_INFINITY) > endedAt);
  return [recoveries.filter((one) => !isHindered(one)), recoveries.filter(isHindered)];
}

function recoveriesOf(recoveries: readonly Recovery[]): Record<string, Spread> {
  const alone = recoveries.filter(({ cause }) => cause !== 'all at once');
  const named = kinds.flatMap((kind) =>
    [true, false].map((isWarm): [string, Spread] => {
      const mine = alone.filter((one) => one.kind === kind && one.isWarm === isWarm);
      return [`${kind}, ${isWarm ? 'a successor that was warm' : 'started cold'}`, spread(mine.map(lastedFor))];
    }),
  );
  const together = recoveries.filter(({ cause }) => cause === 'all at once');
  named.push(['any, all having been killed at once', spread(together.map(lastedFor))]);
  return Object.fromEntries(named.filter(([, { count }]) => count > 0));
}

function databaseOf(outages: readonly Outage[]): Report['database'] {
  const answered = outages.map(({ startedAt, answeredAt }) => (answeredAt ?? Number.POSITIVE_INFINITY) - startedAt);
  const away = outages.map(({ from, answeredAt }) => (answeredAt ?? Number.POSITIVE_INFINITY) - from);
  return { ...spread(answered), away: spread(away) };
}

/** F5 before F10. */
function inOrder(counts: [string, FaultCount][]): Record<string, FaultCount> {
  return Object.fromEntries(counts.sort(([one], [other]) => one.localeCompare(other, 'en', { numeric: true })));
}

function cutCounts({ wires }: House): Record<string, FaultCount> {
  const counts: Record<string, FaultCount> = {};
  for (const [name, wire] of Object.entries(wires)) {
    const [struck, took] = [wire.struck(), wire.took()];
    for (const cut of Object.keys(cuts) as Cut[]) {
      if (struck[cut] > 0) counts[`${cuts[cut].fault}: ${name}, ${cut}`] = { injected: struck[cut], took: took[cut] };
    }
  }
  return counts;
}

export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((one, other) => one - other).map(Math.round);
  return { count: sorted.length, median: sorted[sorted.length >> 1] ?? 0, worst: sorted.at(-1) ?? 0 };
}

function failuresOf(report: Omit<Report, 'failures'>, bounds: Bounds): string[] {
  const { breaches, recoveries, database, rested } = report;
  const slow = Object.entries(recoveries).filter(([, { worst }]) => worst > bounds.process);
  return [
    ...breaches.map(({ invariant, says }) => `${invariant}: ${says}`),
    ...slow.map(([who, { worst }]) => `${who}: back after ${worst} ms, and ${bounds.process} are allowed`),
    ...(database.worst > bounds.database
      ? [`the database: first answer ${database.worst} ms after its start, and ${bounds.database} are allowed`]
      : []),
    ...(rested.after === undefined ? [`rest was not reached: ${inWords(rested.unrest)}`] : []),
  ];
}
