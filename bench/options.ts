import { parseArgs } from 'node:util';

export interface Options {
  /** Cases to run, in this order; all where none is named. */
  cases: string[];
  /** Of each measured window. */
  seconds: number;
  rounds: number;
  /** A file for the whole report. */
  json: string | undefined;
  /** A smoke run: every case, in its smallest form. Its figures say nothing. */
  quick: boolean;
  /** Where PostgreSQL keeps its data meanwhile. */
  folder: string;
  /** Of the tables of the past: 1 is the whole of them, millions of payments. */
  scale: number;
  /** Sagas of each engine in a round of `peers`. */
  orders: number;
  /** Adds up statements, and says which took the most of PostgreSQL. It costs a little. */
  profile: boolean;
}

export const usage = `
  npm run bench -- [case …] [--seconds 5] [--rounds 3] [--json file] [--quick] [--scale 1] [--folder dir]
    [--orders 10000] [--profile]
`;

/** @throws Error in one sentence, where the words cannot be understood. */
export function readOptions(words: readonly string[], env: NodeJS.ProcessEnv = process.env): Options {
  const { values, positionals } = parseArgs({
    args: [...words],
    allowPositionals: true,
    options: {
      seconds: { type: 'string' },
      rounds: { type: 'string' },
      json: { type: 'string' },
      quick: { type: 'boolean', default: false },
      scale: { type: 'string' },
      folder: { type: 'string' },
      orders: { type: 'string' },
      profile: { type: 'boolean', default: false },
    },
  });
  const { quick, json, profile } = values;
  return {
    cases: positionals,
    seconds: positive('seconds', values.seconds, quick ? 0.5 : 5),
    rounds: Math.ceil(positive('rounds', values.rounds, quick ? 1 : 3)),
    json,
    quick,
    scale: positive('scale', values.scale, quick ? 0.0005 : 1),
    folder: values.folder ?? `${env.FLORIN_DATA_DIR ?? '.florin'}/bench`,
    orders: Math.ceil(positive('orders', values.orders, quick ? 100 : 10_000, 100_000)),
    profile,
  };
}

function positive(name: string, text: string | undefined, fallback: number, most = 3_600): number {
  const value = text === undefined ? fallback : Number(text);
  if (!(value > 0 && value <= most)) throw new Error(`--${name} is a number above 0, and at most ${most}.`);
  return value;
}
