import type { Bench } from '../case.ts';
import type { Classes } from '../measure/processor.ts';

/** So many orders, by so many clients at once; each client waits for its order to be fulfilled before its next. */
export interface Study {
  orders: number;
  clients: number;
}

/** What became of the orders since the engine was started, the warm-up's included. */
export interface Books {
  /** Sagas that the engine has on its disk. */
  made: number;
  /** Of those, sagas that have succeeded and have a row for each of the five steps. */
  fulfilled: number;
  /** Calls of each step's outside, the provider and the warehouse, by their own account. */
  calls: readonly number[];
}

/** An engine at work, with an empty store of its own. */
export interface Running {
  /** Whose processor's time is whose. */
  classes: Classes;
  /** Resolves when the last order is fulfilled. */
  buy(study: Study): Promise<{ seconds: number }>;
  books(): Promise<Books>;
  /** Ends its processes and drops its store. */
  stop(): Promise<void>;
}

export interface Peer {
  name: 'DBOS' | 'Restate';
  version: string;
  /** Florin is to make so many times as many sagas in a second. */
  goal: number;
  start(bench: Bench): Promise<Running>;
}
