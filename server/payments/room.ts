import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { Log } from '#server/observability/log.ts';
import type { Providers } from '#server/providers/contract.ts';
import type { Risk } from '#server/risk/assess.ts';
import type { Candidate } from '#server/routing/plan.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import type { Again } from './core/again.ts';
import type { Commit } from './core/commit.ts';

/** Everything impure that a verb may touch: a simulation hands in its own. */
export interface Room {
  sql: RawSql;
  commit: Commit;
  again: Again;
  transact: Transact;
  clock: Clock;
  ids: Ids;
  vault: Pick<VaultClient, 'describe'>;
  providers: Providers;
  risk: Risk;
  /** The providers' health of this moment, as data for `routing.plan`. */
  candidates(): Candidate[];
  log: Log;
}
