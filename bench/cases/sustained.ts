import type { Bench, Case, Figure } from '../case.ts';
import { asAdmin } from '../house/databases.ts';
import { examined } from '../house/examined.ts';
import { inProcess, openStage, type Stage } from '../house/stage.ts';
import { type Measured, measureOn } from '../measure/load.ts';
import { residentBytes } from '../measure/processor.ts';
import { median } from '../measure/spread.ts';
import { live } from './life.ts';
import { warm } from './lifecycle.ts';

/** Of ten seconds each, where a window has five: five minutes. A minute has six of them. */
const slices = 30;
const perMinute = 6;

export const sustained: Case = {
  name: 'sustained',
  measures:
    'The lifecycle at 100 clients for five minutes without a pause, checkpoints and autovacuum included: the last ' +
    'minute beside the first, memory, and what a payment leaves behind on the disk.',
  async run(bench) {
    const stage = await openStage(bench);
    try {
      await warm(stage, bench, Math.min(2, bench.options.seconds));
      const before = await standingOf(stage);
      const taken = await run(stage, bench);
      const after = await standingOf(stage);
      await examined(bench, stage.database);
      return figuresOf(taken, before, after);
    } finally {
      await stage.close();
      await stage.database.drop();
    }
  },
};

interface Slice extends Measured {
  residentBytes: number;
}

async function run(stage: Stage, bench: Bench): Promise<Slice[]> {
  const { seconds, quick } = bench.options;
  const taken: Slice[] = [];
  const work = (client: number) => live(stage, client);
  const load = { clients: 100, seconds: seconds * 2, work, classes: inProcess(bench) };
  await measureOn(load, quick ? perMinute : slices, (measured, n) => {
    const { perSecond, latency, why } = measured;
    const bytes = residentBytes(process.pid);
    if (why !== undefined) bench.breaches.push(`sustained: ${why}`);
    taken.push({ ...measured, residentBytes: bytes });
    const megabytes = (bytes / 2 ** 20).toFixed(0);
    bench.say(`${n}: ${perSecond.toFixed(0)} payments/s, p99 ${latency.p99.toFixed(1)} ms, ${megabytes} MB`);
  });
  return taken;
}

interface Standing {
  payments: number;
  tables: number;
  wal: number;
  checkpoints: number;
  vacuums: number;
}

async function standingOf({ database }: Stage): Promise<Standing> {
  const [row] = await asAdmin(
    database.url('owner'),
    (sql) => sql<Standing[]>`
      SELECT (SELECT count(*)::int FROM payments) AS payments, pg_database_size(current_database())::float8 AS tables,
        pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS wal,
        (SELECT (num_timed + num_requested)::int FROM pg_stat_checkpointer) AS checkpoints,
        (SELECT coalesce(sum(autovacuum_count), 0)::int FROM pg_stat_user_tables) AS vacuums`,
  );
  if (!row) throw new Error('PostgreSQL tells where it stands');
  return row;
}

function figuresOf(taken: readonly Slice[], before: Standing, after: Standing): Figure[] {
  const minute = Math.min(perMinute, Math.ceil(taken.length / 2));
  const [first, last] = [taken.slice(0, minute), taken.slice(-minute)];
  const speed = (part: readonly Slice[]) => median(part.map(({ perSecond }) => perSecond));
  const memory = (part: readonly Slice[]) => median(part.map((one) => one.residentBytes)) / 2 ** 20;
  const made = after.payments - before.payments;
  const worst = Math.max(...taken.map(({ latency }) => latency.p99));
  return [
    {
      what: 'the last minute, beside the first',
      unit: 'payments/s',
      rounds: [speed(last)],
      beside: [speed(first)],
      goals: [{ of: 'ratio', atLeast: 0.8 }],
      details: {
        payments: made,
        checkpoints: after.checkpoints - before.checkpoints,
        autovacuums: after.vacuums - before.vacuums,
        'slowest slice': Math.min(...taken.map(({ perSecond }) => perSecond)),
      },
    },
    { what: 'p99 of the worst ten seconds', unit: 'ms', rounds: [worst] },
    {
      what: 'memory of the last minute, beside the first',
      unit: 'MB',
      rounds: [memory(last)],
      beside: [memory(first)],
      goals: [{ of: 'ratio', atMost: 1.2 }],
    },
    { what: 'on the disk', unit: 'bytes/payment', rounds: [(after.tables - before.tables) / made] },
    { what: 'written ahead', unit: 'bytes/payment', rounds: [(after.wal - before.wal) / made] },
  ];
}
