import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { LoggedEvent } from './consumer.ts';

/** Has `wake` called whenever something may have been appended, and whenever such a call may have been missed. */
export type Listen = (wake: () => void) => Promise<unknown>;

export interface BusSeams {
  /** Reads without a transaction, and listens. */
  sql: RawSql;
  transact: Transact;
  clock: Clock;
  /** Hears of appended events; the database's NOTIFY where it is left out. */
  listen?: Listen;
  /** An event was given up on. A word only: whoever must not miss one asks `givenUp`. */
  onParked?(event: LoggedEvent, consumer: string, error: string): void;
}
