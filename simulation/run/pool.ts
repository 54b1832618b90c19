import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { SeedResult } from './seed.ts';

/** What a worker is asked for. */
export interface Errand {
  seed: number;
  payments: number;
  faults: number;
}

export type Told = { ready: true } | { result: SeedResult } | { failed: string };

export interface Pool {
  /**
   * Runs errands, so many side by side as there are workers, until there are none left or `heed` says stop.
   *
   * @param heed  Hears of each result; true ends the run: what is under way is finished, nothing further begins.
   * @throws Error where a worker fails or dies.
   */
  run(errands: Iterator<Errand>, heed: (result: SeedResult) => boolean): Promise<void>;
  close(): Promise<void>;
}

interface Worker {
  /** One world, there and back. */
  send(errand: Errand): Promise<SeedResult>;
  close(): Promise<void>;
}

/** Processes with a PostgreSQL each. They are in a group of their own: Ctrl-C is for whoever reads the report. */
export async function openPool(workers: number): Promise<Pool> {
  const all = await Promise.all(Array.from({ length: workers }, openWorker));
  return {
    async run(errands, heed) {
      let isOver = false;
      const work = async (worker: Worker) => {
        for (let next = errands.next(); !next.done && !isOver; next = errands.next()) {
          if (heed(await worker.send(next.value))) isOver = true;
        }
      };
      await Promise.all(all.map(work));
    },
    async close() {
      await Promise.all(all.map((worker) => worker.close()));
    },
  };
}

async function openWorker(): Promise<Worker> {
  const child = fork(join(import.meta.dirname, 'worker.ts'), {
    detached: true,
    serialization: 'advanced',
    // Nearly all that a world makes is gone in a moment: a nursery that is large, and stays so while the world waits
    // for its database, buries it without looking at the rest.
    execArgv: ['--min-semi-space-size=64', '--max-semi-space-size=64', '--no-minor-gc-task'],
  });
  await told(child);
  return {
    async send(errand) {
      const answer = told(child);
      child.send(errand);
      const said = await answer;
      if ('result' in said) return said.result;
      throw new Error(`seed ${errand.seed}: ${'failed' in said ? said.failed : 'nothing was told'}`);
    },
    close: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        // One that died has nobody left to be told.
        if (child.connected) child.disconnect();
        else resolve();
      }),
  };
}

/** The next thing that a worker says. */
function told(child: ChildProcess): Promise<Told> {
  return new Promise((resolve, reject) => {
    const died = (code: number | null) => reject(new Error(`a worker died with ${code}`));
    child.once('exit', died);
    child.once('message', (message) => {
      child.off('exit', died);
      resolve(message as Told);
    });
  });
}
