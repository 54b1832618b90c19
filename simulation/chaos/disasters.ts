import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Ask, House, Wires } from './house/house.ts';
import type { Load } from './load/load.ts';
import { answers, type Service } from './place.ts';
import type { Cut } from './proxy.ts';
import type { Records } from './records.ts';

/** How often each kind strikes; 0 is never. Seconds on average, but for what is counted. */
export interface Pace {
  /** Milliseconds between two deaths at failpoints. */
  killEvery: number;
  kills: number;
  stops: number;
  stopEvery: number;
  randomKillEvery: number;
  freezeEvery: number;
  /** How long a frozen process stands still, from and below, in milliseconds. */
  frozenFor: readonly [number, number];
  backendEvery: number;
  cutEvery: number;
  allAtOnceEvery: number;
}

export interface Scene {
  house: House;
  load: Load;
  records: Records;
  chance: (name: string) => Chance;
  /** Ends all disasters. */
  over: AbortSignal;
}

/** Whose deaths can be had at a failpoint. */
const mortals = ({ services }: House) =>
  services.filter(({ kind }) => kind === 'api' || kind === 'worker' || kind === 'pages');

/** Until deaths and stops are as many as was asked for, or until `over`. */
export async function befall(told: Scene, pace: Pace): Promise<void> {
  const enough = new AbortController();
  const over = AbortSignal.any([told.over, enough.signal]);
  const scene = { ...told, over };
  const { house } = told;
  const counted = Promise.all([killing(scene, pace), stopping(scene, pace)]);
  const others = Promise.all([
    repeatedly(over, pace.randomKillEvery, () => killAny(scene)),
    repeatedly(over, pace.freezeEvery, () => freeze(scene, pace)),
    repeatedly(over, pace.backendEvery, () => endBackend(scene)),
    repeatedly(over, pace.cutEvery, () => cut(scene)),
    repeatedly(over, pace.allAtOnceEvery, () => killAll(scene)),
  ]);
  await counted;
  enough.abort();
  await others;
  for (const service of house.services) service.spare();
}

async function repeatedly(over: AbortSignal, seconds: number, strike: () => Promise<void> | void): Promise<void> {
  while (seconds > 0 && (await waits(over, seconds * 1_000))) await strike();
}

/** @returns false where it is over. */
async function waits(over: AbortSignal, milliseconds: number): Promise<boolean> {
  await sleep(milliseconds, undefined, { signal: over }).catch(() => {});
  return !over.aborted;
}

/** After so long without the death that was wanted, any will do. */
const patience = 4_000;

async function killing({ house, records, over, chance }: Scene, { killEvery, kills }: Pace): Promise<void> {
  const dice = chance('kills');
  const doomedAt = new Map<Service, number>();
  while (records.deaths() < kills && (await waits(over, killEvery))) {
    for (const [service, since] of doomedAt) {
      if (!service.isDoomed()) doomedAt.delete(service);
      else if (performance.now() - since > patience)
        service.doom({ signal: 'SIGKILL', at: records.pairs.wanted(service.kind, true) });
    }
    const free = mortals(house).filter((service) => service.isServing() && !service.isDoomed());
    if (free.length === 0 || !house.database.isUp()) continue;
    const service = dice.pick(free);
    doomedAt.set(service, performance.now());
    service.doom({ signal: 'SIGKILL', at: records.pairs.wanted(service.kind) });
  }
}

async function stopping(scene: Scene, { stops, stopEvery }: Pace): Promise<void> {
  for (let n = 0; n < stops && (await waits(scene.over, stopEvery * 1_000)); n += 1) await stopDatabase(scene);
}

/** F28: an immediate stop, a pause, and a start that has to recover from the log. */
async function stopDatabase({ house, records, chance }: Scene): Promise<void> {
  const { database } = house;
  const wasWriting = await house.asOwner(untilSomebodyWrites);
  const from = performance.now();
  records.count('F28: PostgreSQL stopped immediately, in the midst of a write', wasWriting);
  await database.crash();
  await sleep(chance('stop').whole(0, 1_500));
  const startedAt = performance.now();
  await database.start();
  const outage = { from, startedAt, answeredAt: undefined as number | undefined };
  records.outages.push(outage);
  while (performance.now() - startedAt < 60_000) {
    const said = await Promise.all(house.apiUrls.map((url) => answers({ url: `${url}/ready` })));
    if (said.some(Boolean)) break;
    await sleep(20);
  }
  outage.answeredAt = performance.now();
}

const looksAtMost = 3_000;

const untilSomebodyWrites: Ask<boolean> = async (sql) => {
  for (let look = 0; look < looksAtMost; look += 1) {
    const [row] = await sql<{ writes: boolean }[]>`
      SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name LIKE 'florin%' AND backend_xid IS NOT NULL) AS writes`;
    if (row?.writes) return true;
    await sleep(5);
  }
  return false;
};

function killAny({ house, load, records, chance }: Scene): void {
  const service = chance('any').pick(house.services);
  if (!service.isServing()) return;
  records.count(`F6: SIGKILL at random, ${service.kind}`, load.line.underWay() > 0);
  service.kill('at random');
}

function killAll({ house, load, records }: Scene): void {
  records.count('F50: all processes killed at once', load.line.underWay() > 0);
  for (const service of house.services) service.kill('all at once');
}

/** F7: stands still in the midst of an operation, for longer than others wait for it, and goes on as if nothing was. */
async function freeze({ house, records, chance, over }: Scene, { frozenFor }: Pace): Promise<void> {
  const dice = chance('freeze');
  const awake = mortals(house).filter((service) => service.isServing() && !service.isDoomed());
  if (awake.length === 0) return;
  const service = dice.pick(awake);
  service.doom({ signal: 'SIGSTOP', at: records.pairs.wanted(service.kind, true) });
  while (service.isDoomed() && (await waits(over, 100)));
  await waits(over, dice.whole(...frozenFor));
  service.signal('SIGCONT');
}

/** F29: one connection's server process, preferably in the midst of a transaction. */
async function endBackend({ house, records }: Scene): Promise<void> {
  if (!house.database.isUp()) return;
  await house
    .asOwner(async (sql) => {
      const [ended] = await sql<{ inside: boolean }[]>`
        SELECT state <> 'idle' AS inside, pg_terminate_backend(pid) FROM (
          SELECT pid, state FROM pg_stat_activity
          WHERE application_name LIKE 'florin%' ORDER BY state = 'idle', random() LIMIT 1) one`;
      if (ended) records.count('F29: one backend of PostgreSQL ended', ended.inside);
    })
    .catch(() => {});
}

// biome-ignore format: a table
const fitting: Record<keyof Wires, readonly Cut[]> = {
  'api, worker to PostgreSQL': ['lose commit', 'lose answer', 'lose request', 'delay', 'half open'],
  'vault to PostgreSQL': ['lose answer', 'lose request', 'delay'],
  'api, worker to vault': ['lose answer', 'lose request', 'break off', 'delay', 'half open'],
  'vault to alder': ['lose answer', 'lose request', 'break off', 'delay', 'half open'],
  'vault to birch': ['lose answer', 'lose request', 'break off', 'delay', 'half open'],
  'alder to api': ['lose answer', 'lose request', 'delay'],
  'birch to api': ['lose answer', 'lose request', 'delay'],
};

function cut({ house, chance }: Scene): void {
  const dice = chance('cut');
  const wire = dice.pick(Object.keys(fitting) as (keyof Wires)[]);
  house.wires[wire].strike(dice.pick(fitting[wire]));
}
