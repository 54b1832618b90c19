import { openBaseline } from '../baseline/baseline.ts';
import type { Bench, Case } from '../case.ts';
import { asAdmin } from '../house/databases.ts';
import { examined } from '../house/examined.ts';
import { ids } from '../house/merchants.ts';
import { type Processes, startProcesses } from '../house/processes.ts';
import { openWire, type Wire } from '../house/wire.ts';
import { type Measured, measure } from '../measure/load.ts';
import { figure } from './figures.ts';

const clients = 100;
const body = 'amount=1250&currency=eur&capture_method=automatic';

/** What HTTP costs, and what a repetition costs. */
export const posts: Case = {
  name: 'posts',
  measures:
    'POST /v1/payment_intents over HTTP with 100 connections: each under a new key, its answer kept; then requests ' +
    'that were answered before, under their keys. Beside it the same rows and answers, one transaction at a time.',
  async run(bench) {
    const house = await startProcesses(bench);
    const wire = openWire(house.apiUrl, clients);
    const database = await bench.databases.make();
    const trial = Math.min(1, bench.options.seconds / 3);
    const baseline = await openBaseline({
      database,
      merchants: house.merchants,
      classes: house.classes,
      trial,
      only: ['create'],
    });
    try {
      await warm(bench, house, wire, trial);
      const rounds: { fresh: Measured; replayed: Measured; beside: Measured }[] = [];
      for (let n = 1; n <= bench.options.rounds; n++) {
        const fresh = await load(bench, house, (client) => create(house, wire, client));
        const beside = await baseline.measure(bench.options.seconds);
        const replayed = await load(bench, house, await replays(house, wire));
        rounds.push({ fresh, replayed, beside });
        bench.say(
          `round ${n}: ${fresh.perSecond.toFixed(0)} creations, ${replayed.perSecond.toFixed(0)} replays a second`,
        );
      }
      await examined(bench, house.database, { acquirers: [house.books] });
      const beside = rounds.map((one) => one.beside);
      const goals = [{ of: 'value', atLeast: 9_000 } as const];
      return [
        figure(
          'created',
          'requests/s',
          rounds.map((one) => one.fresh),
          { beside, goals },
        ),
        figure(
          'replayed',
          'requests/s',
          rounds.map((one) => one.replayed),
        ),
      ];
    } finally {
      await Promise.all([baseline.close(), wire.close()]);
      await house.stop();
      await database.drop();
    }
  },
};

async function create(house: Processes, wire: Wire, client: number): Promise<void> {
  await wire.post(house.merchantOf(client), 'payment_intents', body);
}

/** Fills the tables, has the processes begin anew with plans for full ones, and lets them find their pace. */
async function warm(bench: Bench, house: Processes, wire: Wire, seconds: number): Promise<void> {
  const work = (client: number) => create(house, wire, client);
  const { why } = await measure({ clients, seconds, work, classes: house.classes });
  if (why !== undefined) throw new Error(`the API cannot be measured: ${why}`);
  await asAdmin(house.database.url('owner'), async (sql) => void (await sql`ANALYZE`));
  await house.restart();
  await measure({ clients, seconds, work, classes: house.classes });
  bench.say('the API is warm');
}

async function load(bench: Bench, { classes }: Processes, work: (client: number) => Promise<void>): Promise<Measured> {
  const measured = await measure({ clients, seconds: bench.options.seconds, work, classes });
  if (measured.why !== undefined) bench.breaches.push(`posts: ${measured.failed} requests failed: ${measured.why}`);
  return measured;
}

/** One request of each client, answered once before. Every answer has to be that one. */
async function replays(house: Processes, wire: Wire): Promise<(client: number) => Promise<void>> {
  const first = await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      const key = ids();
      const { id } = await wire.post(house.merchantOf(client), 'payment_intents', body, key);
      return { key, id };
    }),
  );
  return async (client) => {
    const { key, id } = first[client] ?? {};
    const again = await wire.post(house.merchantOf(client), 'payment_intents', body, key);
    if (again.id !== id) throw new Error('a replay was answered with another payment');
  };
}
