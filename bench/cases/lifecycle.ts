import { type Baseline, openBaseline } from '../baseline/baseline.ts';
import { findPgbench, type Pgbench } from '../baseline/pgbench.ts';
import type { Bench, Case, Figure } from '../case.ts';
import { examined } from '../house/examined.ts';
import { inProcess, openStage, type Stage } from '../house/stage.ts';
import { type Measured, measure } from '../measure/load.ts';
import { figure, latencyFigure, processorFigure } from './figures.ts';
import { live, liveWithCapture } from './life.ts';

const unit = 'payments/s';

/** Subjects of one round, in the order in which they take turns. */
interface Round {
  hundred: Measured;
  ten: Measured;
  one: Measured;
  asked: Measured;
  baseline: Measured;
  baselineAlone: Measured;
  /** Lives per second, where it is installed. */
  pgbench: number | undefined;
}

/** Who takes turns. */
interface Subjects {
  stage: Stage;
  baseline: Baseline;
  pgbench: Pgbench | undefined;
}

/** Complete payments in this process: the goals that all else hangs on. */
export const lifecycle: Case = {
  name: 'lifecycle',
  measures:
    'A payment from creation to capture, in process: idempotency keys, token, risk, routing, provider, events, ' +
    'postings, every constraint. The provider answers at once. Beside it the same writes, one transaction at a time.',
  async run(bench) {
    const stage = await openStage(bench);
    const classes = inProcess(bench);
    const database = await bench.databases.make();
    const trial = Math.min(1, bench.options.seconds / 3);
    const baseline = await openBaseline({ database, merchants: stage.merchants, classes, trial });
    try {
      bench.say(`the baseline does best with ${baseline.connections} connections`);
      await warm(stage, bench, trial);
      const pgbench = await findPgbench(bench.options.folder, database, stage.merchants[0]);
      const subjects = { stage, baseline, pgbench };
      const rounds: Round[] = [];
      for (let n = 1; n <= bench.options.rounds; n++) rounds.push(await round(subjects, bench, n));
      await Promise.all([examined(bench, stage.database), examined(bench, database)]);
      return figuresOf(rounds, baseline);
    } finally {
      await Promise.all([baseline.close(), stage.close()]);
      await Promise.all([database.drop(), stage.database.drop()]);
    }
  },
};

/** Plans that were made while the tables were empty are slower, and connections keep them. */
export async function warm(stage: Stage, bench: Bench, seconds: number): Promise<void> {
  const work = (client: number) => live(stage, client);
  const { failed, why } = await measure({ clients: 100, seconds, work, classes: inProcess(bench) });
  if (failed > 0) throw new Error(`Florin cannot be measured: ${why}`);
  await stage.reopen();
  await measure({ clients: 100, seconds: seconds / 2, work, classes: inProcess(bench) });
}

async function round({ stage, baseline, pgbench }: Subjects, bench: Bench, n: number): Promise<Round> {
  const { seconds } = bench.options;
  const classes = inProcess(bench);
  const run = (clients: number, work: typeof live) =>
    measure({ clients, seconds, work: (client) => work(stage, client), classes });
  const hundred = await run(100, live);
  const beside = await baseline.measure(seconds);
  bench.say(`round ${n}: ${hundred.perSecond.toFixed(0)} at 100 clients, baseline ${beside.perSecond.toFixed(0)}`);
  const measured = {
    hundred,
    baseline: beside,
    ten: await run(10, live),
    asked: await run(100, liveWithCapture),
    one: await run(1, live),
    baselineAlone: await baseline.measure(seconds, 1),
  };
  const failed = Object.values(measured).find(({ why }) => why !== undefined);
  if (failed) bench.breaches.push(`lifecycle: ${failed.failed} payments failed: ${failed.why}`);
  const witness = await pgbench?.measure(seconds, baseline.connections).catch((error: Error) => {
    bench.say(`pgbench could not be asked: ${error.message}`);
    return undefined;
  });
  return { ...measured, pgbench: witness };
}

function figuresOf(rounds: readonly Round[], { connections }: Baseline): Figure[] {
  const of = (subject: Exclude<keyof Round, 'pgbench'>) => rounds.map((one) => one[subject]);
  const beside = of('baseline');
  const witness = rounds.flatMap(({ pgbench }) => (pgbench === undefined ? [] : [pgbench]));
  return [
    figure('100 clients', unit, of('hundred'), {
      beside,
      goals: [
        { of: 'ratio', atLeast: 3 },
        { of: 'value', atLeast: 5_000 },
      ],
    }),
    latencyFigure('100 clients', 'p99', of('hundred'), { goals: [{ of: 'value', atMost: 40 }] }),
    processorFigure('100 clients', of('hundred'), beside),
    figure('10 clients', unit, of('ten'), { beside }),
    figure('100 clients, capture asked for', unit, of('asked'), { beside }),
    figure(`baseline, ${connections} connections`, unit, beside),
    ...(witness.length > 0 ? [{ what: `pgbench, ${connections} connections`, unit, rounds: witness }] : []),
    figure('1 client', unit, of('one'), { beside: of('baselineAlone') }),
    latencyFigure('1 client', 'p50', of('one'), {
      beside: of('baselineAlone'),
      goals: [{ of: 'ratio', atMost: 1.3 }],
    }),
  ];
}
