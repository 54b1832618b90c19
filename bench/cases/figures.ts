import type { Figure } from '../case.ts';
import type { Measured } from '../measure/load.ts';
import { median } from '../measure/spread.ts';

type Rounds = readonly Measured[];
type More = Pick<Figure, 'goals'> & { beside?: Rounds };

/** How much was done in a second. */
export function figure(what: string, unit: string, rounds: Rounds, { beside, goals = [] }: More = {}): Figure {
  return {
    what,
    unit,
    rounds: rounds.map(({ perSecond }) => perSecond),
    ...(beside && { beside: beside.map(({ perSecond }) => perSecond) }),
    goals,
    details: detailsOf(rounds),
  };
}

/** How long one took, in milliseconds. */
export function latencyFigure(
  what: string,
  share: 'p50' | 'p95' | 'p99',
  rounds: Rounds,
  { beside, goals = [] }: More = {},
): Figure {
  return {
    what: `${what}, ${share}`,
    unit: 'ms',
    rounds: rounds.map(({ latency }) => latency[share]),
    ...(beside && { beside: beside.map(({ latency }) => latency[share]) }),
    goals,
  };
}

/** What one took of the processor, in all processes of ours together: what sinks least where others are at work. */
export function processorFigure(what: string, rounds: Rounds, beside: Rounds): Figure {
  const ours = ({ micros }: Measured) =>
    Object.entries(micros).reduce((sum, [name, value]) => (name === 'other' ? sum : sum + value), 0);
  return { what: `${what}, processor`, unit: 'µs/payment', rounds: rounds.map(ours), beside: beside.map(ours) };
}

/** Medians of the rounds: percentiles in milliseconds, cores and microseconds of processor by class. */
export function detailsOf(rounds: Rounds): Record<string, number> {
  const middle = (read: (one: Measured) => number) => median(rounds.map(read));
  const classes = Object.keys(rounds[0]?.share ?? {});
  return {
    p50: middle(({ latency }) => latency.p50),
    p95: middle(({ latency }) => latency.p95),
    p99: middle(({ latency }) => latency.p99),
    done: rounds.reduce((sum, { done }) => sum + done, 0),
    ...Object.fromEntries(classes.map((name) => [`cores ${name}`, middle(({ share }) => share[name] ?? 0)])),
    ...Object.fromEntries(classes.map((name) => [`µs ${name}`, middle(({ micros }) => micros[name] ?? 0)])),
  };
}
