import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { recall, release, remember } from './keys.ts';
import type { Keys } from './once.ts';
import { prune } from './prune.ts';

export interface StoredKeys extends Keys {
  /** Forgets at most `limit` keys that have outlived their day; for the worker. Returns how many. */
  prune(limit: number): Promise<number>;
}

/** The keys in the database. Each write is a transaction of its own, after the one that made the change. */
export function makeKeys({ sql, transact, clock }: { sql: RawSql; transact: Transact; clock: Clock }): StoredKeys {
  return {
    recall: (claim) => recall(sql, claim, clock.now()),
    remember: (claim, answer) => transact('idempotency.answer', (tx) => remember(tx, claim, answer, clock.now())),
    release: (claim) => transact('idempotency.release', (tx) => release(tx, claim)),
    prune: (limit) => transact('idempotency.prune', (tx) => prune(tx, clock.now(), limit)),
  };
}
