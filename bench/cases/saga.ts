import type { Bench, Case, Figure } from '../case.ts';
import { asAdmin } from '../house/databases.ts';
import { examined } from '../house/examined.ts';
import { openShop, type Shop } from '../house/shop.ts';
import { inProcess } from '../house/stage.ts';
import { type Share, startMeter } from '../measure/processor.ts';
import { median } from '../measure/spread.ts';

/** As a published study of Java frameworks has them: 236 to 886 s, and from one of them 19,791 orders. */
const studies = [
  { orders: 10_000, clients: 100, sends: 1 },
  { orders: 10_000, clients: 100, sends: 2 },
  { orders: 1_000, clients: 10, sends: 1 },
] as const;

type Study = { orders: number; clients: number; sends: 1 | 2 };

interface Outcome {
  seconds: number;
  made: number;
  fulfilled: number;
  /** Orders beyond those asked for, payments beyond one for each, shipments beyond one for each. */
  duplicates: number;
  lost: number;
  share: Share;
}

export const saga: Case = {
  name: 'saga',
  measures:
    'Orders created, confirmed, authorised, captured and fulfilled, in process, provider and warehouse answering at ' +
    'once: checkout sessions under idempotency keys, orders moved on by the event log. Seconds until the last is sent.',
  async run(bench) {
    const rounds = bench.options.quick ? 1 : Math.min(3, bench.options.rounds);
    const figures: Figure[] = [];
    for (const study of studies) {
      const sized = bench.options.quick ? { ...study, orders: study.orders / 50 } : study;
      const outcomes: Outcome[] = [];
      for (let n = 1; n <= rounds; n++) outcomes.push(await play(bench, sized));
      figures.push(figureOf(sized, outcomes, study.orders === 10_000 ? [{ of: 'value', atMost: 4 }] : []));
    }
    return figures;
  },
};

export async function play(bench: Bench, study: Study): Promise<Outcome> {
  const shop = await openShop(bench);
  try {
    await buy(shop, { orders: 500, clients: 50, sends: 1 });
    await shop.fulfilled(500);
    await shop.reopen();
    const meter = startMeter(inProcess(bench));
    const began = performance.now();
    await buy(shop, study);
    await shop.fulfilled(500 + study.orders);
    const seconds = (performance.now() - began) / 1000;
    const outcome = { seconds, share: meter.stop(), ...(await countOf(shop, 500 + study.orders)) };
    const { made, fulfilled, duplicates, lost } = outcome;
    bench.say(
      `${study.orders} orders by ${study.clients}, sent ${study.sends} ×: ${seconds.toFixed(2)} s, ` +
        `${made} made, ${fulfilled} fulfilled, ${duplicates} duplicates, ${lost} lost`,
    );
    if (duplicates + lost > 0) bench.breaches.push(`saga: ${duplicates} duplicates, ${lost} lost of ${study.orders}`);
    await shop.stop();
    await examined(bench, shop.database);
    return outcome;
  } finally {
    await shop.stop();
    await shop.database.drop();
  }
}

/** Clients share the orders; each sends every request as often as the study says, all at once. */
async function buy(shop: Shop, { orders, clients, sends }: Study): Promise<void> {
  let left = orders;
  const client = async () => {
    while (left > 0) {
      left -= 1;
      await shop.order(sends);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** The warm-up's orders were counted before, and are none of the study's. */
async function countOf({ database, shipments }: Shop, wanted: number) {
  const [row] = await asAdmin(
    database.url('owner'),
    (sql) => sql<{ made: number; paid: number; fulfilled: number }[]>`
      SELECT (SELECT count(*)::int FROM orders) AS made,
        (SELECT count(*)::int FROM operations WHERE kind = 'capture' AND status = 'accepted') AS paid,
        (SELECT count(*)::int FROM orders WHERE state = 'fulfilled') AS fulfilled`,
  );
  const { made = 0, paid = 0, fulfilled = 0 } = row ?? {};
  const beyond = (count: number) => Math.max(0, count - wanted);
  return {
    made: made - 500,
    fulfilled: fulfilled - 500,
    duplicates: beyond(made) + beyond(paid) + beyond(shipments()),
    lost: Math.max(0, wanted - fulfilled),
  };
}

function figureOf({ orders, clients, sends }: Study, outcomes: readonly Outcome[], goals: Figure['goals']): Figure {
  const last = outcomes.at(-1);
  const cores = Object.entries(last?.share ?? {}).map(([name, value]) => [`cores ${name}`, value]);
  const micros = (name: string) =>
    median(outcomes.map(({ share, seconds }) => ((share[name] ?? 0) * seconds * 1e6) / orders));
  const spent = ['node', 'postgres'].map((name) => [`µs ${name}`, micros(name)]);
  return {
    what: `${orders} orders by ${clients}${sends === 2 ? ', each request sent twice' : ''}`,
    unit: 's',
    rounds: outcomes.map(({ seconds }) => seconds),
    goals,
    details: {
      made: Math.max(...outcomes.map(({ made }) => made)),
      fulfilled: Math.min(...outcomes.map(({ fulfilled }) => fulfilled)),
      duplicates: Math.max(...outcomes.map(({ duplicates }) => duplicates)),
      lost: Math.max(...outcomes.map(({ lost }) => lost)),
      ...Object.fromEntries([...spent, ...cores]),
    },
  };
}
