import { setTimeout as sleep } from 'node:timers/promises';
import type { Composition } from '#server/composition/rooms.ts';
import type { Consumer } from '#server/events/consumer.ts';
import type { Bench, Case, Figure } from '../case.ts';
import { asAdmin } from '../house/databases.ts';
import { examined } from '../house/examined.ts';
import { openRooms } from '../house/rooms.ts';
import { inProcess, openStage, type Stage } from '../house/stage.ts';
import { measure } from '../measure/load.ts';
import { type Spread, spreadOf } from '../measure/spread.ts';
import { live } from './life.ts';
import { warm } from './lifecycle.ts';

/** As many events as a worker hands on in one transaction, and how long it waits for word of new ones. */
const atOnce = 200;
const patience = 250;
/** Events of one payment's life. */
const eventsPerLife = 8;
const paced = 2_000;

interface Relayed {
  perSecond: number;
  /** From the time that an event bears to its consumer, milliseconds. */
  delay: Spread;
}

export const eventLog: Case = {
  name: 'event-log',
  measures:
    'Events from their commit to a consumer that does nothing, by the worker’s own loop: at 2,000 events a second, ' +
    'while 100 clients write as fast as they can, and catching up on what was written before.',
  async run(bench) {
    const stage = await openStage(bench);
    const worker = openRooms({ url: stage.database.url('worker'), service: 'worker', vault: stage.vault });
    const told: Record<'steady' | 'competing' | 'behind', Relayed[]> = { steady: [], competing: [], behind: [] };
    try {
      await warm(stage, bench, Math.min(1, bench.options.seconds / 3));
      await relay(worker, 'bench', async () => {});
      for (let n = 1; n <= bench.options.rounds; n++) {
        told.steady.push(await relay(worker, 'bench', () => pace(stage, bench)));
        told.competing.push(await relay(worker, 'bench', () => rush(stage, bench)));
        await rush(stage, bench);
        told.behind.push(await relay(worker, 'bench', async () => {}));
      }
      await seenOnce(stage, bench);
      await examined(bench, stage.database);
      return [
        ...figuresOf('at 2,000 events/s', told.steady),
        ...figuresOf('while 100 clients write', told.competing),
        ...figuresOf('catching up', told.behind).slice(0, 1),
      ];
    } finally {
      await Promise.all([worker.close(), stage.close()]);
      await stage.database.drop();
    }
  },
};

/** Runs a consumer as the worker does, while something is written and until it has seen all of it. */
async function relay({ bus }: Composition, name: string, write: () => Promise<unknown>): Promise<Relayed> {
  const delays: number[] = [];
  const consumer: Consumer = {
    name,
    async effect(_, events) {
      const now = Date.now();
      for (const { at } of events) delays.push(now - at.getTime());
    },
  };
  let over = false;
  const stopping = new AbortController();
  const began = performance.now();
  const run = async () => {
    for (;;) {
      const count = await bus.run(consumer, atOnce);
      if (count < atOnce && over) return;
      if (count < atOnce) await bus.awaitNews(patience, stopping.signal);
    }
  };
  const running = run();
  await write();
  over = true;
  stopping.abort();
  await running;
  const [standing] = await bus.standings([consumer]);
  if ((standing?.behind ?? 0) > 0) throw new Error('a consumer that is at the end of the log is behind');
  return { perSecond: (delays.length * 1000) / (performance.now() - began), delay: spreadOf(delays) };
}

/** Payments begun by the clock, whatever becomes of those before: 2,000 events a second. */
async function pace(stage: Stage, { options, breaches }: Bench): Promise<void> {
  const lives: Promise<void>[] = [];
  const began = performance.now();
  const all = Math.ceil((options.seconds * paced) / eventsPerLife);
  for (let n = 0; n < all; n++) {
    const due = began + (n * 1000 * eventsPerLife) / paced - performance.now();
    if (due > 1) await sleep(due);
    lives.push(live(stage, n).catch((error: Error) => void breaches.push(`event-log: ${error.message}`)));
  }
  await Promise.all(lives);
}

async function rush(stage: Stage, bench: Bench): Promise<void> {
  const work = (client: number) => live(stage, client);
  const { why } = await measure({ clients: 100, seconds: bench.options.seconds, work, classes: inProcess(bench) });
  if (why !== undefined) bench.breaches.push(`event-log: ${why}`);
}

/** None was put aside: what a consumer that never fails has not seen was lost. */
async function seenOnce({ database }: Stage, { breaches }: Bench): Promise<void> {
  const [row] = await asAdmin(
    database.url('owner'),
    (sql) => sql<{ parked: number }[]>`SELECT count(*)::int AS parked FROM parked_events`,
  );
  if (row?.parked !== 0) breaches.push(`event-log: ${row?.parked} events were put aside`);
}

function figuresOf(what: string, rounds: readonly Relayed[]): Figure[] {
  const delay = (share: 'p50' | 'p99'): Figure => ({
    what: `${what}, delay ${share}`,
    unit: 'ms',
    rounds: rounds.map((one) => one.delay[share]),
  });
  return [{ what, unit: 'events/s', rounds: rounds.map(({ perSecond }) => perSecond) }, delay('p50'), delay('p99')];
}
