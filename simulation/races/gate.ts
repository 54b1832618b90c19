import type { RawSql } from '#db/client.ts';
import type { Backend } from './backend.ts';
import { commit, rollback, type Schedule } from './schedule.ts';
import { wordsOf } from './words.ts';

/** The connections of one pool of a process: one that asks without a transaction, and those that transactions take. */
export interface Lines {
  reads: Backend;
  lanes: readonly Backend[];
}

/**
 * The driver as a simulated process has it: each statement, BEGIN and COMMIT waits for its turn. A statement that is
 * put into another one is not asked, and waits for nothing.
 */
export function gate({ reads, lanes }: Lines, schedule: Schedule, who: string): RawSql {
  return new Proxy(held(reads.sql, { schedule, who, backend: reads }), {
    get(target, name) {
      if (name === 'begin') return (work: Work) => transaction(lanes, { schedule, who }, work);
      return Reflect.get(target, name);
    },
  });
}

type Work = (tx: RawSql) => Promise<unknown>;

interface At {
  schedule: Schedule;
  who: string;
}

/** The driver, with each question a step. */
function held(sql: RawSql, { schedule, who, backend }: At & { backend: Backend }): RawSql {
  return new Proxy(sql, {
    apply(target, self, args: unknown[]) {
      const made: unknown = Reflect.apply(target, self, args);
      if (!(made instanceof Promise)) return made;
      const send: Promise<unknown>['then'] = made.then.bind(made);
      const what = wordsOf((made as { strings?: readonly string[] }).strings);
      const run = () => new Promise((resolve, reject) => void send(resolve, reject));
      let asked: Promise<unknown> | undefined;
      const ask = () => {
        asked ??= schedule.step({ who, what, run, backend: () => backend });
        return asked;
      };
      // The driver asks these itself when it has sent; by then they only tell what came of it.
      Object.defineProperty(made, 'then', { value: (...given: Parameters<typeof send>) => ask().then(...given) });
      Object.defineProperty(made, 'catch', { value: (no: (error: unknown) => unknown) => ask().catch(no) });
      return Object.defineProperty(made, 'finally', { value: (end: () => void) => ask().finally(end) });
    },
  });
}

/** The driver's `begin`, its BEGIN and its COMMIT or ROLLBACK apart. */
async function transaction(lanes: readonly Backend[], { schedule, who }: At, work: Work): Promise<unknown> {
  const end = Promise.withResolvers<unknown>();
  let lane: Backend | undefined;
  let over: Promise<unknown> = Promise.resolve();
  const begin = (): Promise<RawSql> => {
    const taken = lanes.find(({ busy }) => !busy);
    if (!taken) throw new Error('a transaction begins on a free lane');
    lane = taken;
    taken.busy = true;
    return new Promise((resolve, reject) => {
      over = taken.sql.begin((tx) => {
        resolve(held(tx as unknown as RawSql, { schedule, who, backend: taken }));
        return end.promise;
      });
      over.catch(reject);
    });
  };
  const finish = async (finished: () => void) => {
    finished();
    try {
      return await over;
    } finally {
      if (lane) lane.busy = false;
    }
  };
  const free = () => lanes.some(({ busy }) => !busy);
  const backend = () => lane;
  const tx = await schedule.step({ who, what: 'BEGIN', ready: free, run: begin, backend });
  let value: unknown;
  try {
    value = await work(tx);
  } catch (error) {
    const run = () => finish(() => end.reject(error)).catch(() => undefined);
    await schedule.step({ who, what: rollback, run, backend });
    throw error;
  }
  return schedule.step({ who, what: commit, run: () => finish(() => end.resolve(value)), backend });
}
