import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { LoggedEvent, ParkedEvent } from './consumer.ts';

/** Has `wake` called whenever something may have been appended, and whenever such a call may have been missed. */
export type Listen = (wake: () => void) => Promise<unknown>;

export interface BusSeams {
  /** Reads without a transaction, and listens. */
  sql: RawSql;
  transact: Transact;
  clock: Clock;
  /** Hears of appended events; the database's NOTIFY where it is left out. */
  listen?: Listen;
  /** An event was given up on; told again until this returns. */
  onParked?(parked: ParkedEvent): Promise<void>;
  /** An event that had been given up on has gone through after all. */
  onFreed?(consumer: string, event: LoggedEvent): Promise<void>;
}
