import { Refusal } from '#server/kernel/refusal.ts';
import type { IntentView } from '#server/payments/view.ts';
import { openBaseline } from '../baseline/baseline.ts';
import type { Bench, Case } from '../case.ts';
import { asAdmin } from '../house/databases.ts';
import { examined } from '../house/examined.ts';
import { inProcess, openStage, type Stage } from '../house/stage.ts';
import { type Measured, measure } from '../measure/load.ts';
import { figure, latencyFigure } from './figures.ts';
import { live, price, requireState } from './life.ts';
import { warm } from './lifecycle.ts';

const clients = 100;

/** What everybody wants at once. */
export const hot: Case = {
  name: 'hot',
  measures:
    'Everybody pays one merchant; and one authorized payment whose capture a hundred clients ask for, each under a ' +
    'key of its own, a thousand times before the next payment has its turn: one of them captures it, and no other.',
  async run(bench) {
    const stage = await openStage(bench, { merchants: 1 });
    const database = await bench.databases.make();
    const classes = inProcess(bench);
    const trial = Math.min(1, bench.options.seconds / 3);
    const baseline = await openBaseline({ database, merchants: stage.merchants, classes, trial });
    const rounds: { merchant: Measured; payment: Measured; beside: Measured }[] = [];
    try {
      await warm(stage, bench, trial);
      for (let n = 1; n <= bench.options.rounds; n++) {
        const { seconds } = bench.options;
        const merchant = await measure({ clients, seconds, work: (client) => live(stage, client), classes });
        const beside = await baseline.measure(seconds);
        const payment = await hammer(stage, bench);
        for (const { why } of [merchant, payment]) if (why !== undefined) bench.breaches.push(`hot: ${why}`);
        rounds.push({ merchant, payment, beside });
      }
      await capturedOnce(stage, bench);
      await examined(bench, stage.database);
      const hammered = rounds.map(({ payment }) => payment);
      const options = { beside: rounds.map(({ beside }) => beside) };
      return [
        figure(
          'one merchant, 100 clients',
          'payments/s',
          rounds.map(({ merchant }) => merchant),
          options,
        ),
        figure('one payment, 100 clients', 'answers/s', hammered),
        latencyFigure('one payment, 100 clients', 'p99', hammered),
      ];
    } finally {
      await Promise.all([baseline.close(), stage.close()]);
      await Promise.all([database.drop(), stage.database.drop()]);
    }
  },
};

/** Captures asked for of each payment. */
const times = 1_000;

async function hammer(stage: Stage, bench: Bench): Promise<Measured> {
  let asked = 0;
  let current = authorized(stage);
  const work = async (client: number) => {
    asked += 1;
    if (asked % times === 0) current = authorized(stage);
    const intent = await current;
    try {
      await stage.door.capture(stage.merchantOf(client), intent);
    } catch (error) {
      const expected = error instanceof Refusal && ['illegal_move', 'operation_unclosed'].includes(error.code);
      if (!expected) throw error;
    }
  };
  return measure({ clients, seconds: bench.options.seconds, work, classes: inProcess(bench) });
}

async function authorized(stage: Stage): Promise<IntentView> {
  const merchant = stage.merchantOf(0);
  const { intent } = await stage.door.create(merchant, { amount: price, captureMethod: 'manual' });
  if (!intent) throw new Error('a first answer has its intent');
  const use = { merchantId: merchant.id, intentId: intent.id, currency: 'EUR', maxAmount: price };
  const held = await stage.door.confirm(merchant, intent, await stage.vault.testToken('pm_card_visa', use));
  requireState(held.intent?.payment?.state, 'authorized');
  return held.intent ?? intent;
}

/** By the database's own account, which counts what was refused, too: no second one was even asked. */
async function capturedOnce({ database }: Stage, { breaches }: Bench): Promise<void> {
  const rows = await asAdmin(
    database.url('owner'),
    (sql) => sql<{ id: string; captures: number }[]>`
      SELECT payment_id AS id, count(*)::int AS captures FROM operations WHERE kind = 'capture'
      GROUP BY payment_id HAVING count(*) <> 1 LIMIT 10`,
  );
  breaches.push(...rows.map(({ id, captures }) => `hot: payment ${id} was asked to be captured ${captures} times`));
}
