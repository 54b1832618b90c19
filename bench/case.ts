import type { Cluster } from './house/cluster.ts';
import type { Databases } from './house/databases.ts';
import type { Options } from './options.ts';

/** What a figure has to come up to. A miss is told as a miss. */
export interface Goal {
  /** The figure itself, or the figure over the baseline's of the same rounds. */
  of: 'value' | 'ratio';
  atLeast?: number;
  atMost?: number;
}

/** One figure of a case. Its value is the median of its rounds, its ratio the median of the rounds' own ratios. */
export interface Figure {
  what: string;
  /** `payments/s`, `ms`, `requests/s`, … */
  unit: string;
  rounds: readonly number[];
  /** What the baseline came to in the same rounds. */
  beside?: readonly number[];
  goals?: readonly Goal[];
  /** What belongs to it: percentiles, cores by class of process, how many were done. */
  details?: Record<string, number | string>;
}

/** What a case is handed. */
export interface Bench {
  options: Options;
  cluster: Cluster;
  databases: Databases;
  /** A line for whoever waits. */
  say(line: string): void;
  /** What an invariant, or a case itself, found wrong: the run fails. */
  breaches: string[];
}

export interface Case {
  name: string;
  /** What it measures and what it leaves out, in a sentence or two. */
  measures: string;
  run(bench: Bench): Promise<Figure[]>;
}
