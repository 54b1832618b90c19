import type { RawSql } from '#db/client.ts';
import type { Transact } from '#db/transaction.ts';
import { alertsConsumer } from '#server/alerts/consumer.ts';
import type { Orders } from '#server/checkout/orders.ts';
import { makeBus } from '#server/events/bus.ts';
import type { Bus, Consumer, ReadModel } from '#server/events/consumer.ts';
import { hourlyFigures } from '#server/figures/hourly-figures.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { Log } from '#server/observability/log.ts';
import { paymentRows } from '#server/payments/rows.ts';
import { queueDeliveries } from '#server/webhooks/queue-deliveries.ts';

/** What can be made again from the log: `npm run replay`. */
export const readModels: readonly ReadModel[] = [paymentRows, hourlyFigures];

/** Everybody who acts on the log, each in its room. A name is a cursor: it is never changed and never used again. */
export function makeConsumers({ clock, ids, orders }: { clock: Clock; ids: Ids; orders: Orders }): Consumer[] {
  return [orders.consumer, alertsConsumer({ clock, ids }), ...readModels, queueDeliveries];
}

/** The bus, with a line in the log for each event that is given up on. */
export function busOf({ log, ...seams }: { sql: RawSql; transact: Transact; clock: Clock; log: Log }): Bus {
  return makeBus({
    ...seams,
    onParked({ id: event, paymentId: payment, merchantId: merchant }, name, error) {
      log.error(
        { event, payment, merchant, name, error },
        'a consumer cannot deal with an event and goes on without it',
      );
    },
  });
}
