import { enough } from './pairs.ts';
import type { Report, Spread } from './report.ts';
import { inWords } from './rest.ts';

/** The report for people. */
export function tableOf(report: Report): string {
  const { payments, answers, deaths, pairs, faults, recoveries, database, rested, breaches, failures } = report;
  const fewest = Math.min(...pairs.map((pair) => pair.deaths));
  const idle = Object.entries(faults).filter(([, { took }]) => took === 0);
  return [
    `${payments} payments, ${answers} answers, ${seconds(report.lasted)} s, seed ${report.seed}, on ${report.machine}`,
    '',
    `${deaths} deaths at ${pairs.length} pairs of operation and failpoint, ${fewest} at the least of them, fewer than ` +
      `${enough} at ${pairs.filter((pair) => pair.deaths < enough).length}`,
    ...pairs.map((pair) => `  ${String(pair.deaths).padStart(4)}  ${pair.pair} (passed ${pair.passed} times)`),
    '',
    `faults: injected, took effect${breaches.length === 0 && rested.after !== undefined ? '; all recovered' : ''}`,
    ...Object.entries(faults).map(([name, { injected, took }]) => `  ${pad(injected)} ${pad(took)}  ${name}`),
    ...idle.map(([name]) => `never took effect, so counts as not tested: ${name}`),
    '',
    'back in service, in ms: count, median, worst',
    ...Object.entries(recoveries).map(([who, times]) => `  ${row(times)}  ${who}`),
    `  ${row(report.withoutDatabase)}  any, with the database away in between`,
    `  ${row(database)}  first answer after the start of PostgreSQL`,
    `  ${row(database.away)}  first answer after its stop`,
    `${report.byItself.length} processes ended without being killed: ${report.byItself.join(', ') || 'none'}`,
    ...report.lastWords.map((words) => `  ${words}`),
    '',
    rested.after === undefined
      ? `rest was not reached: ${inWords(rested.unrest)}`
      : `at rest after ${seconds(rested.after)} s; ${rested.cameBack} clients came back with their old keys`,
    `${breaches.length} breaches`,
    ...(failures.length > 0 ? ['', 'FAILED', ...failures.map((failure) => `  ${failure}`)] : []),
    '',
  ].join('\n');
}

const pad = (value: number) => String(value).padStart(7);
const row = ({ count, median, worst }: Spread) => `${pad(count)} ${pad(median)} ${pad(worst)}`;
const seconds = (milliseconds: number) => (milliseconds / 1_000).toFixed(1);
