import { requirePermission } from '#server/auth/permissions.ts';
import { compensate } from './core/compensate.ts';
import { makeFulfil } from './core/fulfil.ts';
import { alertOfStuck } from './core/order-alerts.ts';
import { makeOrderConsumer } from './core/order-consumer.ts';
import type { OrderSeams } from './core/order-room.ts';
import { orderViews } from './core/order-views.ts';
import { retryOrder } from './core/retry-order.ts';
import type { Orders } from './orders.ts';

export type { OrderSeams } from './core/order-room.ts';

/** Makes the orders' half of the checkout room. */
export function makeOrders(room: OrderSeams): Orders {
  const views = orderViews(room.sql);
  return {
    ...views,
    async retry(caller, input) {
      requirePermission(caller, 'operations:retry');
      await retryOrder(room, caller, input);
      return views.order(caller, input.orderId);
    },
    consumer: makeOrderConsumer(room),
    fulfil: makeFulfil(room),
    compensate: (limit) => compensate(room, limit),
    alert: (limit) => alertOfStuck(room, limit),
  };
}
