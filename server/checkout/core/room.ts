import type { Database } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Mode } from '#server/auth/caller.ts';
import type { Keys } from '#server/idempotency/once.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { Secret } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';
import type { Sessions } from './sessions.ts';

/** What the checkout room is made of. */
export interface Seams {
  db: Database;
  transact: Transact;
  keys: Keys;
  payments: Payments;
  vault: Pick<VaultClient, 'grantFrame'>;
  /** The name that shoppers know a merchant by. */
  merchantName: (merchantId: string) => Promise<string>;
  clock: Clock;
  ids: Ids;
  log: Log;
  /** 32 bytes: seals carts and derives the secrets of session URLs. The same in every process. */
  sealKey: Secret<Buffer>;
  /** Where shoppers find the checkout, without a trailing slash. */
  webUrl: string;
  mode: Mode;
}

/** What the verbs work with. */
export interface Room extends Seams {
  sessions: Sessions;
}
