import type { Figure, Goal } from '../case.ts';
import type { Machine } from '../measure/machine.ts';
import { isQuiet } from '../measure/processor.ts';
import { type Judged, judged } from './judged.ts';

/** All that a run has come to. */
export interface Report {
  at: string;
  machine: Machine;
  /** Of PostgreSQL, as it was started. */
  settings: Record<string, string>;
  seconds: number;
  rounds: number;
  /** A smoke run, whose figures say nothing. */
  quick: boolean;
  cases: { name: string; measures: string; figures: Judged[]; lasted: number }[];
  /** What an invariant or a case found wrong. */
  breaches: string[];
}

export function reportCase(name: string, measures: string, figures: readonly Figure[], lasted: number) {
  return { name, measures, figures: figures.map(judged), lasted };
}

/** For people. */
export function inWords(report: Report): string {
  const { machine, settings, seconds, rounds, quick, cases, breaches } = report;
  const { processor, memory, node, postgres, fileSystem, packages, commit } = machine;
  const versions = Object.entries(packages).map(([name, version]) => `${name} ${version}`);
  const { fsync, synchronous_commit, full_page_writes, shared_buffers, max_wal_size } = settings;
  const missed = cases.flatMap(({ name, figures }) => figures.flatMap(missesOf).map((miss) => `${name}, ${miss}`));
  return [
    `${processor}, ${memory}, ${fileSystem}; Node ${node}, PostgreSQL ${postgres}; ${versions.join(', ')}; ${commit}`,
    `fsync ${fsync}, synchronous_commit ${synchronous_commit}, full_page_writes ${full_page_writes}, ` +
      `shared_buffers ${shared_buffers}, max_wal_size ${max_wal_size}`,
    `Medians of ${rounds} interleaved rounds of ${seconds} s; beside them what they are measured against, and the`,
    'median of the ratios of each round.',
    ...(quick ? ['A smoke run: its figures say nothing.'] : []),
    ...(fileSystem === 'tmpfs'
      ? ['The database is in memory: commits cost nothing, and the figures say nothing.']
      : []),
    ...cases.flatMap(({ name, measures, figures, lasted }) => [
      '',
      `${name} (${lasted.toFixed(0)} s): ${measures}`,
      ...figures.map(line),
      ...crowded(figures),
    ]),
    '',
    breaches.length === 0 ? 'No invariant is broken.' : `Broken:\n${breaches.slice(0, 50).join('\n')}`,
    missed.length === 0 ? 'Every goal is met.' : `Missed:\n${missed.map((one) => `  ${one}`).join('\n')}`,
    '',
  ].join('\n');
}

/** Whoever else was at work on this machine took of what is measured. */
function crowded(figures: readonly Judged[]): string[] {
  const others = figures.map(({ details }) => Number(details?.['cores other'] ?? 0));
  const most = Math.max(0, ...others);
  return isQuiet({ other: most }) ? [] : [`  Not a quiet machine: others took up to ${shown(most)} cores meanwhile.`];
}

/** By how much. */
function missesOf({ what, value, ratio, verdicts }: Judged): string[] {
  return verdicts
    .filter(({ met }) => !met)
    .map(({ goal }) => `${what}: ${goal.of === 'value' ? shown(value) : `${shown(ratio)} ×`}, and not ${bound(goal)}`);
}

function bound({ of, atLeast, atMost }: Goal): string {
  return `${atLeast === undefined ? `≤ ${shown(atMost)}` : `≥ ${shown(atLeast)}`}${of === 'ratio' ? ' ×' : ''}`;
}

function line({ what, unit, value, baseline, ratio, verdicts, details = {} }: Judged): string {
  const marks = verdicts.map(({ goal, met }) => `${met ? '✓' : '✗'} ${bound(goal)}`);
  const besides = ratio === undefined ? ['', ''] : [shown(baseline), `${ratio.toFixed(2)} ×`];
  const columns = [
    what.padEnd(44),
    shown(value).padStart(9),
    unit.padEnd(13),
    ...besides.map((one) => one.padStart(8)),
    ...marks,
  ];
  const head = `  ${columns.join('  ')}`;
  const more = Object.entries(details).map(
    ([name, told]) => `${name} ${typeof told === 'number' ? shown(told) : told}`,
  );
  return more.length === 0 ? head.trimEnd() : `${head.trimEnd()}\n      ${more.join(' · ')}`;
}

/** Three figures that count. */
function shown(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en-US');
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
