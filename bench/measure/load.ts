import { setTimeout as sleep } from 'node:timers/promises';
import { type Classes, type Share, startMeter } from './processor.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface Load {
  /** Each begins anew as soon as it is answered. */
  clients: number;
  /** Of a window. */
  seconds: number;
  /**
   * One piece of work of a client. What it throws is counted as a failure, and its time is not. Where it returns a
   * number, that many milliseconds of its time count.
   */
  work(client: number): Promise<unknown>;
  classes: Classes;
}

export interface Measured {
  /** Ended well within the window. */
  done: number;
  /** Ended with an error, and the first of them in words. */
  failed: number;
  why: string | undefined;
  perSecond: number;
  /** From the beginning of a piece of work to its end. */
  latency: Spread;
  /** Cores by class. */
  share: Share;
  /** Microseconds of processor per piece of work, by class. */
  micros: Record<string, number>;
}

/**
 * A window in which next to nothing was done says nothing: it stays open until there are so many, or for so long. It
 * opens when as many pieces are done as there are clients, for all of them begin in one moment, as no crowd does.
 */
const [fewest, longest] = [10, 30_000];

/** Clients that each do one thing after the other, for so long. What is under way at the end is not counted. */
export async function measure(load: Load): Promise<Measured> {
  const [measured] = await measureOn(load, 1);
  if (!measured) throw new Error('one window was asked for');
  return measured;
}

/** The same in windows that follow one another, the clients at work all the time. */
export async function measureOn(
  load: Load,
  windows: number,
  tell: (measured: Measured, n: number) => void = () => {},
): Promise<Measured[]> {
  const crowd = startClients(load);
  await crowd.begin();
  const all: Measured[] = [];
  for (let n = 1; n <= windows; n++) {
    const measured = await crowd.window();
    tell(measured, n);
    all.push(measured);
  }
  const { failed, why } = await crowd.stop();
  const last = all.at(-1);
  if (failed === 0 || !last) return all;
  return [...all.slice(0, -1), { ...last, failed: last.failed + failed, why: last.why ?? why }];
}

interface Seen {
  times: number[];
  failed: number;
  why: string | undefined;
}

const nothing = (): Seen => ({ times: [], failed: 0, why: undefined });

function startClients({ clients, seconds, work, classes }: Load) {
  let seen = nothing();
  let over = false;
  const client = async (n: number) => {
    while (!over) {
      const from = performance.now();
      try {
        const counts = await work(n);
        seen.times.push(typeof counts === 'number' ? counts : performance.now() - from);
      } catch (error) {
        seen.failed += 1;
        seen.why ??= String((error as Error).message ?? error);
      }
    }
  };
  const all = Array.from({ length: clients }, (_, n) => client(n));
  const begun = performance.now();
  const isOpen = () => seen.failed > 0 || performance.now() - begun > longest;
  return {
    async begin(): Promise<void> {
      while (seen.times.length < clients && !isOpen()) await sleep(5);
    },
    async window(): Promise<Measured> {
      const meter = startMeter(classes);
      // What failed before the first window opened counts, and nothing else of that time does.
      seen = { ...seen, times: [] };
      const began = performance.now();
      await sleep(seconds * 1000);
      while (seen.times.length < fewest && seen.failed === 0 && performance.now() - began < longest) await sleep(20);
      const lasted = (performance.now() - began) / 1000;
      const measured = told(seen, lasted, meter.stop());
      seen = nothing();
      return measured;
    },
    /** What failed after the last window. */
    async stop(): Promise<Seen> {
      over = true;
      await Promise.all(all);
      return seen;
    },
  };
}

function told({ times, failed, why }: Seen, lasted: number, share: Share): Measured {
  const done = times.length;
  const perSecond = done / lasted;
  const micros = Object.fromEntries(Object.entries(share).map(([name, cores]) => [name, (cores * 1e6) / perSecond]));
  return { done, failed, why, perSecond, latency: spreadOf(times), share, micros };
}
