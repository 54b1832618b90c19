import type { Case, Figure } from '../case.ts';
import { asAdmin } from '../house/databases.ts';
import { examined } from '../house/examined.ts';
import { makeHistory } from '../house/history.ts';
import { inProcess, openStage, type Stage } from '../house/stage.ts';
import { type Measured, measure } from '../measure/load.ts';
import { figure } from './figures.ts';
import { live } from './life.ts';
import { warm } from './lifecycle.ts';

const sizes = [1_000_000, 10_000_000];

/** Whether a house that has been open for years is slower than a new one. */
export const growth: Case = {
  name: 'growth',
  measures:
    'The lifecycle at 100 clients with 1 and 10 million payments of the past in the tables, each with its whole log; ' +
    'beside it, in the same rounds, a database that has none.',
  async run(bench) {
    const { rounds, seconds, scale } = bench.options;
    const [empty, full] = [await openStage(bench), await openStage(bench)];
    const history = makeHistory({ bench, database: full.database, merchants: full.merchants });
    const figures: Figure[] = [];
    try {
      await warm(empty, bench, Math.min(1, seconds / 3));
      await warm(full, bench, Math.min(1, seconds / 3));
      for (const wanted of sizes.map((one) => Math.max(100, Math.round(one * scale)))) {
        const size = Math.min(wanted, history.most());
        await history.growTo(size);
        await full.reopen();
        const run = (stage: Stage) =>
          measure({ clients: 100, seconds, work: (client) => live(stage, client), classes: inProcess(bench) });
        await run(full);
        const measured: Measured[] = [];
        const beside: Measured[] = [];
        for (let n = 1; n <= rounds; n++) {
          beside.push(await run(empty));
          measured.push(await run(full));
        }
        for (const { why } of [...measured, ...beside]) if (why !== undefined) bench.breaches.push(`growth: ${why}`);
        const goals = wanted === sizes.at(-1) ? [{ of: 'ratio', atLeast: 0.75 } as const] : [];
        const one = figure(at(size), 'payments/s', measured, { beside, ...(size === wanted && { goals }) });
        figures.push({ ...one, details: { ...one.details, gigabytes: await gigabytesOf(full) } });
        if (size < wanted) figures.push(withoutRoom(wanted, goals));
      }
      await examined(bench, full.database, { sample: 2_000 });
      return figures;
    } finally {
      await Promise.all([empty.close(), full.close()]);
      await Promise.all([empty.database.drop(), full.database.drop()]);
    }
  },
};

const at = (size: number) => `at ${size.toLocaleString('en-US')} payments`;

/** What could not be measured is missed. */
function withoutRoom(size: number, goals: Figure['goals']): Figure {
  const details = { why: 'they do not fit on this disk; the line before this one is what does' };
  return { what: at(size), unit: 'payments/s', rounds: [], beside: [], ...(goals && { goals }), details };
}

async function gigabytesOf({ database }: Stage): Promise<number> {
  const [row] = await asAdmin(
    database.url('owner'),
    (sql) => sql<{ bytes: number }[]>`SELECT pg_database_size(current_database())::float8 AS bytes`,
  );
  return (row?.bytes ?? 0) / 2 ** 30;
}
