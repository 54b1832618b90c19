import { setTimeout as sleep } from 'node:timers/promises';
import { type Classes, type Share, startMeter } from './processor.ts';
import { type Spread, spreadOf } from './spread.ts';

export interface Load {
  /** Each begins anew as soon as it is answered. */
  clients: number;
  seconds: number;
  /**
   * One piece of work of a client. What it throws is counted as a failure, and its time is not. Where it
   * returns a number, that many milliseconds of its time count.
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
export async function measure({ clients, seconds, work, classes }: Load): Promise<Measured> {
  const times: number[] = [];
  let failed = 0;
  let why: string | undefined;
  let over = false;
  const meter = startMeter(classes);
  const began = performance.now();
  const client = async (n: number) => {
    while (!over) {
      const from = performance.now();
      try {
        const counts = await work(n);
        if (!over) times.push(typeof counts === 'number' ? counts : performance.now() - from);
      } catch (error) {
        failed += 1;
        why ??= String((error as Error).message ?? error);
      }
    }
  };
  const all = Array.from({ length: clients }, (_, n) => client(n));
  await sleep(seconds * 1000);
  while (times.length < fewest && failed === 0 && performance.now() - began < longest) await sleep(20);
  over = true;
  const lasted = (performance.now() - began) / 1000;
  const share = meter.stop();
  await Promise.all(all);
  return told({ times, failed, why, lasted, share });
}

interface Seen extends Pick<Measured, 'failed' | 'why' | 'share'> {
  times: number[];
  lasted: number;
}

function told({ times, failed, why, lasted, share }: Seen): Measured {
  const done = times.length;
  const perSecond = done / lasted;
  const micros = Object.fromEntries(Object.entries(share).map(([name, cores]) => [name, (cores * 1e6) / perSecond]));
  return { done, failed, why, perSecond, latency: spreadOf(times), share, micros };
}
