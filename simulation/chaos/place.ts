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

export async function startService(place: Place, told: Told): Promise<Service> {
  const { name, kind, nursery } = place;
  let child: Child | undefined;
  let cause: Cause = 'by itself';
  let isServing = false;
  let isDoomed = false;
  let isStopping = false;
  let deaths = 0;

  async function fill(): Promise<boolean> {
    const isWarm = nursery !== undefined && deaths % coldOneIn !== coldOneIn - 1;
    child = isWarm ? await nursery.take() : spawnChild(place.program);
    child.listen(hear);
    if (place.serve) child.tell({ serve: place.serve });
    isServing = await comesUp(place, child);
    return isWarm;
  }

  function hear(word: Word): void {
    if (word.word === 'struck') {
      isDoomed = false;
      if (word.signal === 'SIGKILL') cause = 'failpoint';
    }
    told.heard(service, word);
  }

  /** Fills the place again and again, until it is stopped. */
  async function watch(): Promise<void> {
    let failures = 0;
    while (!isStopping && failures < failuresAtMost) {
      const endedAt = (await child?.gone) ?? performance.now();
      if (isStopping) return;
      const why = cause;
      isServing = false;
      isDoomed = false;
      cause = 'by itself';
      deaths += 1;
      const isWarm = await fill();
      if (isStopping) child?.signal('SIGKILL');
      failures = isServing ? 0 : failures + 1;
      if (isServing) told.recovered({ service: name, kind, cause: why, isWarm, endedAt, servesAt: performance.now() });
    }
    if (!isStopping) throw new Error(`${name} does not come up any more`);
  }

  const service: Service = {
    name,
    kind,
    isServing: () => isServing,
    isDoomed: () => isDoomed,
    doom(fate) {
      isDoomed = true;
      child?.tell({ fate });
    },
    spare() {
      isDoomed = false;
      child?.tell({ fate: { signal: 'SIGKILL', at: [] } });
    },
    signal: (signal) => child?.signal(signal),
    kill(why) {
      if (!isServing) return;
      cause = why;
      child?.signal('SIGKILL');
    },
    async stop() {
      isStopping = true;
      child?.signal('SIGKILL');
      await watching.catch(() => {});
    },
  };
  await fill();
  if (!isServing) throw new Error(`${name} does not come up: see ${place.program.logFile}`);
  const watching = watch();
  watching.catch(() => {});
  return service;
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
