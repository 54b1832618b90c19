import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { run } from './run.ts';
import { tableOf } from './table.ts';

/** `npm run chaos`; the README beside this says what may be told to it. */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    stops: { type: 'string', default: '5' },
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    clients: { type: 'string', default: '8' },
    fsync: { type: 'boolean', default: false },
    hasty: { type: 'boolean', default: false },
    json: { type: 'string' },
  },
});

const [kills, stops, minutes] = [Number(values.kills), Number(values.stops), Number(values.minutes)];
const within = minutes * 60_000;
const report = await run({
  seed: Number(values.seed),
  clients: Number(values.clients),
  within,
  restWithin: 420_000,
  bounds: { process: 10_000, database: 15_000 },
  isHasty: values.hasty,
  isDurable: values.fsync,
  tell: (line) => void process.stderr.write(`${line}\n`),
  pace: {
    kills,
    // Faster than asked for: not every death that is wanted comes at once.
    killEvery: Math.max(50, (0.5 * within) / Math.max(1, kills)),
    stops,
    stopEvery: (0.8 * within) / 1_000 / Math.max(1, stops),
    randomKillEvery: 8,
    freezeEvery: 20,
    frozenFor: [3_000, 20_000],
    backendEvery: 5,
    cutEvery: 0.7,
    allAtOnceEvery: 150,
  },
});
process.stdout.write(tableOf(report));
if (values.json) await writeFile(values.json, `${JSON.stringify(report, null, 2)}\n`);
process.exit(report.failures.length > 0 ? 1 : 0);
