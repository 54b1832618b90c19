import { setTimeout as sleep } from 'node:timers/promises';
import { judge } from '../judge/judge.ts';
import { makeChance } from './chance.ts';
import { befall, type Pace } from './disasters.ts';
import { booksOf } from './house/books.ts';
import { goodsThatDiffer } from './house/goods.ts';
import { type Ask, type House, openHouse } from './house/house.ts';
import { type Load, startLoad } from './load/load.ts';
import { makeRecords, type Records } from './records.ts';
import { type Bounds, type Report, reportOf } from './report.ts';
import { rest } from './rest.ts';

export interface Wish {
  seed: number;
  clients: number;
  pace: Pace;
  /** Milliseconds that disasters may take; what was asked for may be reached before. */
  within: number;
  /** Milliseconds until rest has to be reached. */
  restWithin: number;
  bounds: Bounds;
  isHasty: boolean;
  /** PostgreSQL waits for the disk at each commit, as in production. */
  isDurable: boolean;
  tell: (line: string) => void;
}

/** Milliseconds without disasters at the beginning: what is passed then is what there is to die at. */
const dryRun = 3_000;

/** Opens the house, puts it under load, lets the world fall on it, waits for rest, and holds books against books. */
export async function run(wish: Wish): Promise<Report> {
  const began = performance.now();
  const records = makeRecords();
  const { isDurable } = wish;
  const house = await openHouse(records, { isDurable });
  try {
    wish.tell(`the house is open after ${seconds(began)} s; its logs are in ${house.folder}/logs`);
    const report = await judged(wish, house, records);
    if (report.failures.length > 0) house.keepLogs();
    return report;
  } catch (error) {
    house.keepLogs();
    throw error;
  } finally {
    await house.stop();
  }
}

async function judged(wish: Wish, house: House, records: Records): Promise<Report> {
  const { seed, clients, tell, restWithin, isHasty, bounds } = wish;
  const began = performance.now();
  const load = startLoad(house, { seed, clients });
  try {
    await sleep(dryRun);
    await underDisasters(wish, { house, load, records });
    tell(`disasters end after ${seconds(began)} s`);
    await load.stop();
    await everybodyServes(house);
    const rested = await rest(house, load, { within: restWithin, isHasty, tell });
    const asked = { now: new Date(), journals: await booksOf(house) };
    const answers = load.line.answers.all();
    const breaches = [
      ...(await house.asOwner((sql) => judge({ ...asked, sql, answers }, 'rest'))),
      ...(await goodsThatDiffer(house)),
    ];
    const payments = await house.asOwner(countPayments);
    const lasted = performance.now() - began;
    return reportOf({ records, house, rested, breaches, payments, answers: answers.length, lasted, seed, bounds });
  } finally {
    await load.close();
  }
}

async function underDisasters(
  { seed, pace, within, tell }: Wish,
  scene: { house: House; load: Load; records: Records },
) {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), within);
  const progress = setInterval(() => {
    tell(`${scene.records.deaths()} deaths at failpoints, ${scene.load.begun()} journeys`);
  }, 10_000);
  try {
    await befall({ ...scene, over: over.signal, chance: chances(seed) }, pace);
  } finally {
    clearTimeout(timer);
    clearInterval(progress);
  }
}

function chances(seed: number) {
  const made = new Map<string, ReturnType<typeof makeChance>>();
  return (name: string) => {
    const chance = made.get(name) ?? makeChance(seed, name);
    made.set(name, chance);
    return chance;
  };
}

async function everybodyServes({ services, database }: House): Promise<void> {
  const end = performance.now() + 60_000;
  // Whose fate was taken back too late stands still now.
  await sleep(1_000);
  for (const service of services) service.signal('SIGCONT');
  while (!services.every((service) => service.isServing()) || !database.isUp()) {
    if (performance.now() > end) throw new Error('not every process came back');
    await sleep(100);
  }
}

const countPayments: Ask<number> = async (sql) => {
  const [row] = await sql<{ payments: number }[]>`SELECT count(*)::int AS payments FROM payments`;
  return row?.payments ?? 0;
};

function seconds(since: number): string {
  return ((performance.now() - since) / 1_000).toFixed(1);
}
