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

/** A window in which next to nothing was done says nothing: it stays open until there are so many, or for so long. */
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
  const all: Measured[] = [];
  for (let n = 1; n <= windows; n++) {
    const measured = await crowd.window();
    tell(measured, n);
    all.push(measured);
  }
  await crowd.stop();
  return all;
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
  return {
    async window(): Promise<Measured> {
      seen = nothing();
      const meter = startMeter(classes);
      const began = performance.now();
      await sleep(seconds * 1000);
      while (seen.times.length < fewest && seen.failed === 0 && performance.now() - began < longest) await sleep(20);
      return told(seen, (performance.now() - began) / 1000, meter.stop());
    },
    async stop() {
      over = true;
      seen = nothing();
      await Promise.all(all);
    },
  };
}

function told({ times, failed, why }: Seen, lasted: number, share: Share): Measured {
  const done = times.length;
  const perSecond = done / lasted;
  const micros = Object.fromEntries(Object.entries(share).map(([name, cores]) => [name, (cores * 1e6) / perSecond]));
  return { done, failed, why, perSecond, latency: spreadOf(times), share, micros };
}
