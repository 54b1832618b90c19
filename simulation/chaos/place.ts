import { setTimeout as sleep } from 'node:timers/promises';
import { type Child, type Program, spawnChild } from './child.ts';
import type { Orders, Word } from './mortal/fate.ts';
import type { Nursery } from './nursery.ts';

export const kinds = ['api', 'worker', 'vault', 'acquirer', 'pages'] as const;
export type Kind = (typeof kinds)[number];

/** Why a process ended, or stood still. */
export type Cause = 'failpoint' | 'at random' | 'all at once' | 'by itself';

/** A process was there, was gone, and its successor serves. Moments are of `performance.now()`. */
export interface Recovery {
  service: string;
  kind: Kind;
  cause: Cause;
  /** Its successor's code was loaded before. */
  isWarm: boolean;
  endedAt: number;
  servesAt: number;
}

export interface Told {
  recovered(recovery: Recovery): void;
  heard(service: Service, word: Word): void;
}

interface Question {
  url: string;
  headers?: Record<string, string>;
  /** Of the answer; 200 where left out. */
  status?: number;
}

export interface Place {
  name: string;
  kind: Kind;
  program: Program;
  /** Answers 200 once it can do its work. */
  ready: string;
  /** A request that only a process at work answers; `ready` where it is left out. */
  proof?: Question;
  /** For who awaits orders: told when it is its turn. */
  serve?: Record<string, string>;
  nursery?: Nursery;
}

/** A place in the house that is always filled: who ends is followed at once. */
export interface Service {
  name: string;
  kind: Kind;
  /** Whether somebody serves now, as far as is known. */
  isServing(): boolean;
  /** Whether it was told a fate that has not come yet. */
  isDoomed(): boolean;
  doom(fate: NonNullable<Orders['fate']>): void;
  /** Takes its fate back. */
  spare(): void;
  signal(signal: NodeJS.Signals): void;
  kill(cause: Cause): void;
  stop(): Promise<void>;
}

/** So often may successors fail to come up before the run is given up. */
const failuresAtMost = 20;
const upWithin = 30_000;
/** One death in so many is followed by a cold start: what a plain supervisor would do. */
const coldOneIn = 8;

/** Who is there now. */
interface Seat {
  child: Child;
  /** Why it ends, as far as is known before. */
  cause: Cause;
  isServing: boolean;
  isDoomed: boolean;
  isStopping: boolean;
  deaths: number;
}

export async function startService(place: Place, told: Told): Promise<Service> {
  const { name, kind, program } = place;
  const seat: Seat = {
    child: await nextOf(place, 0),
    cause: 'by itself',
    isServing: false,
    isDoomed: false,
    isStopping: false,
    deaths: 0,
  };
  const watching = Promise.withResolvers<void>();
  const service: Service = {
    name,
    kind,
    isServing: () => seat.isServing,
    isDoomed: () => seat.isDoomed,
    doom(fate) {
      seat.isDoomed = true;
      seat.child.tell({ fate });
    },
    spare() {
      seat.isDoomed = false;
      seat.child.tell({ fate: { signal: 'SIGKILL', at: [] } });
    },
    signal: (signal) => seat.child.signal(signal),
    kill(why) {
      if (!seat.isServing) return;
      seat.cause = why;
      seat.child.signal('SIGKILL');
    },
    async stop() {
      seat.isStopping = true;
      seat.child.signal('SIGKILL');
      await watching.promise;
    },
  };
  const hear = (word: Word) => {
    if (word.word === 'struck') {
      seat.isDoomed = false;
      if (word.signal === 'SIGKILL') seat.cause = 'failpoint';
    }
    told.heard(service, word);
  };
  await serve(place, seat, hear);
  if (!seat.isServing) throw new Error(`${name} does not come up: see ${program.logFile}`);
  watch(place, seat, { hear, told }).finally(watching.resolve);
  return service;
}

const isWarmAfter = ({ nursery }: Place, deaths: number) =>
  nursery !== undefined && deaths % coldOneIn !== coldOneIn - 1;

async function nextOf(place: Place, deaths: number): Promise<Child> {
  const { nursery, program } = place;
  return nursery && isWarmAfter(place, deaths) ? nursery.take() : spawnChild(program);
}

async function serve(place: Place, seat: Seat, hear: (word: Word) => void): Promise<void> {
  const { child } = seat;
  child.listen(hear);
  if (place.serve) child.tell({ serve: place.serve });
  seat.isServing = await comesUp(place, child);
}

/** Fills the place again and again, until it is stopped, or until nobody comes up any more. */
async function watch(
  place: Place,
  seat: Seat,
  { hear, told }: { hear: (word: Word) => void; told: Told },
): Promise<void> {
  const { name: service, kind } = place;
  let failures = 0;
  while (failures < failuresAtMost) {
    const endedAt = await seat.child.gone;
    if (seat.isStopping) return;
    const { cause } = seat;
    for (seat.isServing = false; !seat.isServing && failures < failuresAtMost; failures += 1) {
      Object.assign(seat, { isDoomed: false, cause: 'by itself', deaths: seat.deaths + 1 });
      seat.child = await nextOf(place, seat.deaths);
      if (seat.isStopping) seat.child.signal('SIGKILL');
      await serve(place, seat, hear);
      if (seat.isStopping) return seat.child.signal('SIGKILL');
    }
    if (!seat.isServing) return;
    failures = 0;
    const isWarm = isWarmAfter(place, seat.deaths);
    told.recovered({ service, kind, cause, isWarm, endedAt, servesAt: performance.now() });
  }
}

async function comesUp({ ready, proof = { url: ready } }: Place, child: Child): Promise<boolean> {
  const end = performance.now() + upWithin;
  const asked: Question[] = [{ url: ready }, proof];
  while (asked[0] && !child.isGone() && performance.now() < end) {
    if (await answers(asked[0])) asked.shift();
    else await sleep(20);
  }
  if (asked.length > 0) child.signal('SIGKILL');
  return asked.length === 0;
}

export async function answers({ url, headers = {}, status = 200 }: Question): Promise<boolean> {
  try {
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(2_000) });
    await answer.arrayBuffer();
    return answer.status === status;
  } catch {
    return false;
  }
}
