import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { Log } from '#server/observability/log.ts';
import type { Providers } from '#server/providers/contract.ts';
import type { Risk } from '#server/risk/assess.ts';
import type { Routing } from '#server/routing/routing.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import type { Again } from './core/again.ts';
import type { Commit } from './core/commit.ts';
import type { Load } from './core/load.ts';
import type { Pulse } from './core/pulse.ts';

/** Everything impure that a verb may touch: a simulation hands in its own. */
export interface Room {
  sql: RawSql;
  load: Load;
  commit: Commit;
  again: Again;
  transact: Transact;
  clock: Clock;
  ids: Ids;
  vault: Pick<VaultClient, 'describe'>;
  providers: Providers;
  risk: Risk;
  routing: Routing;
  pulse: Pulse;
  /** Milliseconds without an answer until a person is told. */
  escalateAfter: number;
  /** Milliseconds that a payment waits for a provider that takes charges. */
  queueFor: number;
  log: Log;
}
