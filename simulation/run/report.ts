import type { Machine } from '#server/observability/machine.ts';
import { diagram } from '#server/payments/diagram.ts';
import { type FaultKind, faults } from '../faults.ts';
import { leftOut } from './left-out.ts';
import type { Totals } from './totals.ts';

export interface Run {
  totals: Totals;
  machine: Machine;
  /** Seconds on the clock on the wall, and who worked side by side. */
  seconds: number;
  workers: number;
  command: string;
}

/** What must have taken effect so often to count as tried. */
const enough = 1_000;

interface Section {
  title: string;
  head?: string[];
  rows: string[][];
}

/** The run in plain text, for a terminal. */
export function asText(run: Run): string {
  return sections(run)
    .map(({ title, rows }) => `${title}\n${aligned(rows)}`)
    .join('\n\n');
}

/** The same as Markdown, for the README. */
export function asMarkdown(run: Run): string {
  return sections(run)
    .map(({ title, head, rows }) => {
      const top = head ?? ['', ''];
      const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
      return [`**${title}**`, '', line(top), line(top.map(() => '---')), ...rows.map(line)].join('\n');
    })
    .join('\n\n');
}

/** Kinds that took effect too seldom to count as tried. */
export function tooSeldom({ counts }: Totals): FaultKind[] {
  return kinds.filter((kind) => counts[kind].took < enough);
}

/** Moves of the table that no payment took. */
export function neverTaken({ edges }: Totals): string[] {
  return diagram()
    .moves.filter(({ from, trigger }) => !edges[`${from} ${trigger}`])
    .map(({ from, trigger, to }) => `${from} ${trigger} → ${to}`);
}

const kinds = Object.keys(faults) as FaultKind[];

function sections(run: Run): Section[] {
  return [
    sums(run),
    ...violations(run.totals),
    faultTable(run.totals),
    moveTable(run.totals),
    factTable(run.totals),
    notHere,
  ];
}

function sums({ totals, machine, seconds, workers, command }: Run): Section {
  const { payments, met, rest } = totals;
  const [none, one, two, more] = met;
  const share = (part: number) => `${shown(part)} (${((100 * part) / Math.max(payments, 1)).toFixed(1)} %)`;
  const seldom = tooSeldom(totals);
  const never = neverTaken(totals);
  return {
    title: `${shown(payments)} simulated payments, ${shown(totals.breaches.length)} violations`,
    rows: [
      ['command', command],
      ['seeds, steps', `${shown(totals.seeds)}, ${shown(totals.steps)}`],
      [
        'time',
        `${lasting(seconds)} with ${workers} at work: ${(payments / Math.max(seconds, 0.001)).toFixed(0)} payments/s`,
      ],
      ['different worlds, different ways of payments', `${shown(totals.worlds)}, ${shown(totals.ways)}`],
      ['payments that met no fault', share(none)],
      ['… at least 1, 2, 3 kinds', [one + two + more, two + more, more].map(share).join(', ')],
      ['virtual time to rest', `median ${lasting(rest.median / 1_000)}, longest ${lasting(rest.longest / 1_000)}`],
      [`kinds that took effect fewer than ${shown(enough)} times`, seldom.join(', ') || 'none'],
      ['moves that nobody took', never.join('; ') || 'none'],
      ['machine', `${machine.processor}, ${machine.memory}`],
      ['versions', `Node ${machine.node}, PostgreSQL ${machine.postgres}, commit ${machine.commit}`],
    ],
  };
}

function violations({ breaches }: Totals): Section[] {
  if (breaches.length === 0) return [];
  const rows = breaches.slice(0, 20).map(({ seed, breach }) => [`seed ${seed}`, breach.invariant, breach.says]);
  return [{ title: 'Violations', head: ['seed', 'invariant', 'what'], rows }];
}

function faultTable({ counts }: Totals): Section {
  const rows = kinds.map((kind) => {
    const { injected, took, recovered } = counts[kind];
    return [kind, faults[kind].says, shown(injected), shown(took), shown(recovered)];
  });
  return { title: 'Faults', head: ['#', 'what', 'injected', 'took effect', 'recovered'], rows };
}

function moveTable({ edges }: Totals): Section {
  const rows = diagram().moves.map(({ from, trigger, to }) => [
    from,
    trigger,
    to,
    shown(edges[`${from} ${trigger}`] ?? 0),
  ]);
  return { title: 'Moves', head: ['from', 'trigger', 'to', 'times'], rows };
}

/** What happened in a state without leaving it. */
function factTable({ edges }: Totals): Section {
  const moves = new Set(diagram().moves.map(({ from, trigger }) => `${from} ${trigger}`));
  const rows = Object.entries(edges)
    .filter(([edge]) => !moves.has(edge))
    .map(([edge, n]) => [...edge.split(' '), shown(n)]);
  return {
    title: 'Facts',
    head: ['in', 'what', 'times'],
    rows: rows.map((row) => (row.length === 2 ? ['', ...row] : row)),
  };
}

const notHere: Section = {
  title: 'Of the catalogue, not simulated here',
  head: ['#', 'what', 'why'],
  rows: Object.entries(leftOut).map(([kind, { says, why }]) => [kind, says, why]),
};

function shown(n: number): string {
  return n.toLocaleString('en-US');
}

function lasting(seconds: number): string {
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  return seconds < 6_000 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3_600).toFixed(1)} h`;
}

function aligned(rows: string[][]): string {
  const widths = (rows[0] ?? []).map((_, n) => Math.max(...rows.map((row) => row[n]?.length ?? 0)));
  const line = (row: string[]) =>
    row.map((cell, n) => (isNumber(cell) ? cell.padStart(widths[n] ?? 0) : cell.padEnd(widths[n] ?? 0)));
  return rows.map((row) => `  ${line(row).join('  ').trimEnd()}`).join('\n');
}

function isNumber(cell: string): boolean {
  return /^[\d,]+$/.test(cell);
}
