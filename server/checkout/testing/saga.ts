import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '#db/client.ts';
import { type Failpoint, makeTransact } from '#db/transaction.ts';
import type { NewAlert } from '#server/alerts/alerts.ts';
import type { Caller } from '#server/auth/caller.ts';
import { makeBus } from '#server/events/bus.ts';
import type { Bus } from '#server/events/consumer.ts';
import { recall } from '#server/idempotency/keys.ts';
import { systemRandom } from '#server/kernel/secret.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { CreateSessionInput } from '../checkout.ts';
import { makeOrders } from '../make-orders.ts';
import type { Orders } from '../orders.ts';
import type { Warehouse } from '../warehouse.ts';
import { checkoutOnDatabase, type Given, log, openSession, press } from './given.ts';
import { startWarehouse } from './warehouse.ts';

export type Saga = Awaited<ReturnType<typeof sagaOnDatabase>>;

/** The checkout room with its orders, the log's bus, and a warehouse over HTTP. */
export async function sagaOnDatabase() {
  const given = await checkoutOnDatabase();
  const warehouse = await startWarehouse();
  const warehouses = new Map<string, Warehouse>();
  const alerts = new Map<string, NewAlert>();
  const opened: { close(): Promise<void> }[] = [];

  /** Orders as a worker has them; `failpoint` may stop or kill it. */
  function worker({ failpoint, payments = given.payments }: { failpoint?: Failpoint; payments?: Payments } = {}) {
    const connections = openDatabase({ url: given.database.url('worker'), application: 'test worker' });
    opened.push(connections);
    const { sql } = connections;
    const transact = makeTransact(sql, { failpoint });
    const orders = makeOrders({
      sql,
      transact,
      payments,
      keys: { recall: (claim) => recall(sql, claim, given.clock.now()) },
      alerts: {
        raise: async (alert) => void alerts.set(alert.subject, alert),
        resolve: async (_, subject) => void alerts.delete(subject),
      },
      warehouses,
      clock: given.clock,
      random: systemRandom,
      log,
    });
    const bus = makeBus({ sql, transact, clock: given.clock });
    return {
      orders,
      sql,
      /** Every job once. */
      async round() {
        await caughtUp(bus, orders);
        await orders.fulfil(20);
        await orders.compensate(20);
        await orders.alert(20);
      },
    };
  }

  const main = worker();
  return {
    ...given,
    warehouse,
    warehouses,
    alerts,
    worker,
    ...main,
    /** A session that was paid, of a merchant who has the warehouse. */
    async bought(fields: Partial<CreateSessionInput> = {}) {
      const opened = await openSession(given, fields);
      warehouses.set(opened.caller.merchantId, warehouse.port);
      await given.checkout.confirm(opened.shopper, press());
      const order = await orderOf(main.orders, opened.caller);
      return { ...opened, ...order, payment: () => paymentOf(given, opened) };
    },
    /** Rounds, with the time in between that waiting takes, until nothing is under way. */
    async settle(rounds = 16) {
      for (let round = 0; round < rounds; round++) {
        await main.round();
        given.pass(121_000);
      }
      await main.round();
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((one) => one.close()));
      await warehouse[Symbol.asyncDispose]();
      await given[Symbol.asyncDispose]();
    },
  };
}

/** A transaction of a neighbour on the same server may hold the log back for a moment. */
async function caughtUp(bus: Bus, { consumer }: Orders): Promise<void> {
  for (;;) {
    await bus.run(consumer, 100);
    const [standing] = await bus.standings([consumer]);
    if (standing?.behind === 0) return;
    await sleep(5);
  }
}

/** The one order of a merchant who was made for the test, and how it stands now. */
async function orderOf(orders: Orders, caller: Caller) {
  const { rows } = await orders.list(caller, { limit: 1 });
  const id = rows[0]?.id ?? '';
  return { orderId: id, order: () => orders.order(caller, id) };
}

async function paymentOf({ payments, checkout }: Given, { caller, session }: Awaited<ReturnType<typeof openSession>>) {
  const { intentId } = await checkout.session(caller, session.id);
  const { payment } = await payments.intent(caller, intentId ?? '');
  if (!payment) throw new Error('nobody has paid yet');
  return payment;
}
