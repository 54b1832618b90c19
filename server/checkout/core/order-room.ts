import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import type { Alerts } from '#server/alerts/alerts.ts';
import type { LoggedEvent } from '#server/events/consumer.ts';
import type { Keys } from '#server/idempotency/once.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { Warehouse } from '../warehouse.ts';
import type { Because } from './order-step.ts';

/** What the orders' half of the room is made of. */
export interface OrderSeams {
  sql: RawSql;
  transact: Transact;
  payments: Pick<Payments, 'payment' | 'refund' | 'refundById'>;
  keys: Pick<Keys, 'recall'>;
  alerts: Pick<Alerts, 'raise' | 'resolve'>;
  /** By merchant. Who has none sends what is paid without our help: its orders end as `paid`. */
  warehouses: ReadonlyMap<string, Warehouse>;
  clock: Clock;
  random: Random;
  log: Log;
}

/** The name under which the saga acts. */
export const saga = 'orders';

/** An order as the log's consumer needs it, with what its session says. */
export interface PaidOrder {
  id: string;
  merchantId: string;
  sessionId: string;
  captureMethod: 'automatic' | 'manual';
}

/** An event of an order's payment. */
export interface Telling {
  event: LoggedEvent;
  order: PaidOrder;
  because: Because;
}
