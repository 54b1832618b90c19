import { openSql, type RawSql } from '#db/client.ts';
import type { CaseDatabase } from '../house/databases.ts';
import type { Merchant } from '../house/merchants.ts';
import { type Measured, measure } from '../measure/load.ts';
import type { Classes } from '../measure/processor.ts';
import { writeLife } from './lives.ts';

/** So many connections are tried; more make PostgreSQL slower. */
const tried = [4, 8, 16, 32];

export interface Baseline {
  /** How many connections did best when they were tried. */
  connections: number;
  /** Lives per second with that many connections, or with as many as are named. */
  measure(seconds: number, connections?: number): Promise<Measured>;
  close(): Promise<void>;
}

export interface BaselineSeams {
  /** A database of its own, on the same server. */
  database: CaseDatabase;
  merchants: readonly [Merchant, ...Merchant[]];
  classes: Classes;
  /** Seconds for each number of connections that is tried. */
  trial: number;
  /** The steps of a life to take, where not all of them. */
  only?: readonly string[];
}

/**
 * What one would write in Node instead of Florin: the same rows, one transaction at a time, each one prepared statement
 * and one way to the server and back, over several connections. As many as do best.
 */
export async function openBaseline({ database, merchants, classes, trial, only }: BaselineSeams): Promise<Baseline> {
  const pools = new Map<number, RawSql>();
  const poolOf = (max: number) => {
    const pool = pools.get(max) ?? openSql(database.url('owner'), { application: 'bench baseline', max });
    pools.set(max, pool);
    return pool;
  };
  const run = (seconds: number, connections: number) => {
    const sql = poolOf(connections);
    const whose = (client: number) => merchants[client % merchants.length] ?? merchants[0];
    return measure({ clients: connections, seconds, work: (client) => writeLife(sql, whose(client), only), classes });
  };
  const close = async () => {
    await Promise.all([...pools.values()].map((pool) => pool.end({ timeout: 5 })));
    pools.clear();
  };
  // Plans that were made while the tables were empty are four times slower, and are kept: warm, analyze, begin anew.
  await run(trial, 8);
  await poolOf(8)`ANALYZE`;
  await close();
  let best = { connections: 1, perSecond: 0 };
  for (const connections of tried) {
    const { perSecond, why } = await run(trial, connections);
    if (why !== undefined) throw new Error(`the baseline cannot write: ${why}`);
    if (perSecond > best.perSecond) best = { connections, perSecond };
  }
  return {
    connections: best.connections,
    measure: (seconds, connections = best.connections) => run(seconds, connections),
    close,
  };
}
