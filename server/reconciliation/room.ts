import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Alerts } from '#server/alerts/alerts.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { Log } from '#server/observability/log.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { Providers } from '#server/providers/contract.ts';

/** What comparing books and acting on it takes. */
export interface Books {
  sql: RawSql;
  transact: Transact;
  clock: Clock;
  ids: Ids;
  log: Log;
  payments: Pick<Payments, 'hear' | 'settle'>;
}

/** Everything impure that a verb may touch: a test or a simulation hands in its own. */
export interface Room extends Books {
  providers: Providers;
  alerts: Alerts;
}
