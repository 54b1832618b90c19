import { parseArgs } from 'node:util';
import { type Left, nothingLeft } from '../plans/leave.ts';

export interface Options {
  /** How many seeds, and the first of them. */
  seeds: number;
  from: number;
  payments: number;
  workers: number;
  /** Times as many as usual. */
  faults: number;
  /** No further seed begins after so many minutes. */
  minutes: number | undefined;
  keepGoing: boolean;
  /** So many random seeds are run twice and compared, byte for byte. */
  replayCheck: number | undefined;
  /** One seed alone, and what of its plan is left away. */
  seed: number | undefined;
  left: Left;
  /** The payments whose trace is told in words; where undefined, those that are broken. */
  words: number[] | undefined;
  json: string | undefined;
  markdown: string | undefined;
}

const known = {
  seeds: { type: 'string', default: '10' },
  from: { type: 'string', default: '1' },
  payments: { type: 'string', default: '200' },
  workers: { type: 'string', default: '1' },
  faults: { type: 'string', default: '1' },
  minutes: { type: 'string' },
  'keep-going': { type: 'boolean', default: false },
  'replay-check': { type: 'string' },
  seed: { type: 'string' },
  only: { type: 'string' },
  without: { type: 'string' },
  plain: { type: 'string' },
  small: { type: 'string' },
  words: { type: 'string' },
  json: { type: 'string' },
  markdown: { type: 'string' },
} as const;

/**
 * Reads the command line.
 *
 * @throws TypeError where an option is unknown, or no number where it has to be one.
 */
export function readOptions(argv: readonly string[]): Options {
  const { values } = parseArgs({ args: [...argv], options: known });
  const { only } = values;
  return {
    seeds: whole('seeds', values.seeds),
    from: whole('from', values.from),
    payments: whole('payments', values.payments),
    workers: whole('workers', values.workers),
    faults: whole('faults', values.faults),
    minutes: maybe('minutes', values.minutes),
    keepGoing: values['keep-going'],
    replayCheck: maybe('replay-check', values['replay-check']),
    seed: maybe('seed', values.seed),
    left: {
      ...(only !== undefined && { only: numbers('only', only) }),
      without: values.without?.split(',') ?? [],
      plain: numbers('plain', values.plain),
      small: numbers('small', values.small),
    },
    words: values.words === undefined ? undefined : numbers('words', values.words),
    json: values.json,
    markdown: values.markdown,
  };
}

function whole(name: string, text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new TypeError(`--${name} takes a whole number, not "${text}"`);
}

function maybe(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : whole(name, text);
}

function numbers(name: string, text: string | undefined): number[] {
  return text === undefined || text === '' ? [] : text.split(',').map((one) => whole(name, one));
}

/** What names a plan: enough to have it happen again. */
export interface Replay {
  seed: number;
  payments: number;
  faults: number;
  left: Left;
}

/** The one line that replays it. */
export function replayLine({ seed, payments, faults, left = nothingLeft }: Replay): string {
  const { only, without, plain, small } = left;
  const list = (name: string, values: readonly (string | number)[] | undefined) =>
    values && values.length > 0 ? [`--${name} ${values.join(',')}`] : [];
  return [
    `npm run simulate -- --seed ${seed}`,
    ...(payments === Number(known.payments.default) ? [] : [`--payments ${payments}`]),
    ...(faults === Number(known.faults.default) ? [] : [`--faults ${faults}`]),
    ...list('only', only),
    ...list('without', without),
    ...list('plain', plain),
    ...list('small', small),
  ].join(' ');
}
