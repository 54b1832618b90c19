import type { RawSql } from '#db/client.ts';
import { isOfOneRow } from '#db/row-errors.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import { ofQuestions, together } from '#server/kernel/lane.ts';
import type { Claim } from './claim.ts';
import { type Kept, knownOf, readKeys, release, remember } from './keys.ts';
import type { Keys } from './once.ts';
import { prune } from './prune.ts';

export interface StoredKeys extends Keys {
  /** Forgets at most `limit` keys that have outlived their day; for the worker. Returns how many. */
  prune(limit: number): Promise<number>;
}

/**
 * The keys in the database. Each write is after the commit of the change, in another transaction; those who ask, or
 * answer, at once share a statement.
 */
export function makeKeys({ sql, transact, clock }: { sql: RawSql; transact: Transact; clock: Clock }): StoredKeys {
  const seams = { ...ofQuestions, clock, isOfOne: isOfOneRow };
  const read = together(seams, (claims: readonly Claim[]) => readKeys(sql, claims));
  // A transaction has a patience of its own.
  const keep = together({ ...seams, patience: 0 }, async (kept: readonly Kept[]) => {
    await transact('idempotency.answer', (tx) => remember(tx, kept), { writesOnce: true });
    return kept.map(() => undefined);
  });
  return {
    recall: async (claim) => knownOf(await read(claim), claim, clock.now()),
    remember: (claim, answer) => keep({ claim, answer, at: clock.now() }),
    release: (claim) => transact('idempotency.release', (tx) => release(tx, claim)),
    prune: (limit) => transact('idempotency.prune', (tx) => prune(tx, clock, limit)),
  };
}
