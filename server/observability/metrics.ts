import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { processWide } from './process-wide.ts';

/** Seconds: fine where a database answers, coarse where a provider does. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/**
 * A metric's name, such as `florin_operations_total`, its help text and its labels. A label takes a few fixed words,
 * never an id: every value is a time series of its own.
 */
export interface Metric<L extends string> {
  name: string;
  help: string;
  labels?: readonly L[];
}

export const metricsType = Registry.PROMETHEUS_CONTENT_TYPE;

function registry(): Registry {
  return processWide('metrics', () => {
    const made = new Registry();
    collectDefaultMetrics({ register: made });
    return made;
  });
}

/** Asking twice for one name gives the same metric, since Next may load the asking module twice. */
export function counter<L extends string = never>({ name, help, labels = [] }: Metric<L>): Counter<L> {
  return known<Counter<L>>(name) ?? new Counter({ name, help, labelNames: labels, registers: [registry()] });
}

export function gauge<L extends string = never>({ name, help, labels = [] }: Metric<L>): Gauge<L> {
  return known<Gauge<L>>(name) ?? new Gauge({ name, help, labelNames: labels, registers: [registry()] });
}

/** Takes seconds. */
export function histogram<L extends string = never>({ name, help, labels = [] }: Metric<L>): Histogram<L> {
  return (
    known<Histogram<L>>(name) ?? new Histogram({ name, help, labelNames: labels, buckets, registers: [registry()] })
  );
}

function known<M>(name: string): M | undefined {
  return registry().getSingleMetric(name) as M | undefined;
}

/** Everything measured so far, in the Prometheus text format. */
export function metricsText(): Promise<string> {
  return registry().metrics();
}
