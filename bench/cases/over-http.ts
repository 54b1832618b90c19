import { readId } from '#server/kernel/id.ts';
import type { Bench, Case, Figure } from '../case.ts';
import { asAdmin } from '../house/databases.ts';
import { examined } from '../house/examined.ts';
import { type Processes, startProcesses } from '../house/processes.ts';
import { openWire, type Wire } from '../house/wire.ts';
import { type Measured, measure } from '../measure/load.ts';
import { figure, latencyFigure } from './figures.ts';
import { price } from './life.ts';

/** An acquirer's own time, milliseconds for each of its two answers. */
const delays = [0, 120];
const crowds = [1, 10, 100];

/** Everything as it runs, on one machine. */
export const overHttp: Case = {
  name: 'over-http',
  measures:
    'A payment from creation to capture over /v1, with the vault, its egress, an acquirer and PostgreSQL as ' +
    'processes of this machine. Added is the time of its two requests less what the acquirer was told to wait, twice.',
  async run(bench) {
    const house = await startProcesses(bench);
    const wire = openWire(house.apiUrl, 100);
    try {
      await warm(bench, house, wire);
      const subjects = delays.flatMap((delay) =>
        crowds.map((clients) => ({ delay, clients, rounds: [] as Measured[] })),
      );
      for (let n = 1; n <= bench.options.rounds; n++) {
        for (const { delay, clients, rounds } of subjects) {
          await house.delay(delay);
          const work = (client: number) => pay(house, wire, { client, delay });
          const measured = await measure({ clients, seconds: bench.options.seconds, work, classes: house.classes });
          rounds.push(measured);
          const { why, failed, perSecond, latency } = measured;
          if (why !== undefined) bench.breaches.push(`over-http: ${failed} payments failed: ${why}`);
          bench.say(
            `round ${n}: ${clients} clients, ${delay} ms: ${perSecond.toFixed(1)}/s, ${latency.p50.toFixed(1)} ms`,
          );
        }
      }
      await house.delay(0);
      await examined(bench, house.database, { acquirers: [house.books] });
      return subjects.flatMap(figuresOf);
    } finally {
      await wire.close();
      await house.stop();
    }
  },
};

interface Payer {
  client: number;
  /** What the acquirer was told to wait, milliseconds. */
  delay: number;
}

/** @returns The milliseconds that Florin added. */
export async function pay(house: Processes, wire: Wire, { client, delay }: Payer): Promise<number> {
  const merchant = house.merchantOf(client);
  const began = performance.now();
  const made = await wire.post(merchant, 'payment_intents', `amount=${price}&currency=eur&capture_method=automatic`);
  const created = performance.now();
  const intentId = readId('intent', String(made.id)) ?? '';
  // What the shopper types, and where: neither the merchant nor this API has any part in it.
  const scope = { merchantId: merchant.id, intentId, currency: 'EUR', maxAmount: price };
  const token = await house.vault.testToken('pm_card_visa', scope);
  const typed = performance.now();
  const paid = await wire.post(merchant, `payment_intents/${made.id}/confirm`, `payment_method=${token}`);
  if (paid.status !== 'succeeded') throw new Error(`a payment is ${paid.status}`);
  return performance.now() - typed + (created - began) - 2 * delay;
}

async function warm(bench: Bench, house: Processes, wire: Wire): Promise<void> {
  const seconds = Math.min(2, bench.options.seconds);
  const work = (client: number) => pay(house, wire, { client, delay: 0 });
  const { why } = await measure({ clients: 50, seconds, work, classes: house.classes });
  if (why !== undefined) throw new Error(`the API cannot be measured: ${why}`);
  await asAdmin(house.database.url('owner'), async (sql) => void (await sql`ANALYZE`));
  await house.restart();
  await measure({ clients: 50, seconds, work, classes: house.classes });
}

interface Subject {
  delay: number;
  clients: number;
  rounds: Measured[];
}

function figuresOf({ delay, clients, rounds }: Subject): Figure[] {
  const what = `${clients === 1 ? '1 client' : `${clients} clients`}, acquirer ${delay} ms`;
  const goals = delay === 0 && clients === 100 ? [{ of: 'value', atLeast: 800 } as const] : [];
  const added = (share: 'p50' | 'p99', atMost: number) =>
    latencyFigure(`${what}, added`, share, rounds, clients === 1 ? { goals: [{ of: 'value', atMost }] } : {});
  return [figure(what, 'payments/s', rounds, { goals }), added('p50', 6), added('p99', 20)];
}
