import { alertsRouter } from './alerts.ts';
import { checkoutRouter } from './checkout.ts';
import { differencesRouter } from './differences.ts';
import { escalationsRouter } from './escalations.ts';
import { eventsRouter } from './events.ts';
import { ledgerRouter } from './ledger.ts';
import { ordersRouter } from './orders.ts';
import { paymentRouter } from './payment.ts';
import { paymentsListRouter } from './payments-list.ts';
import { reconciliationRouter } from './reconciliation.ts';
import { seatRouter } from './seat.ts';
import { router } from './trpc.ts';
import { webhooksRouter } from './webhooks.ts';

/** One router per page. */
export const appRouter = router({
  alerts: alertsRouter,
  checkout: checkoutRouter,
  differences: differencesRouter,
  escalations: escalationsRouter,
  events: eventsRouter,
  ledger: ledgerRouter,
  orders: ordersRouter,
  payment: paymentRouter,
  payments: paymentsListRouter,
  reconciliation: reconciliationRouter,
  seat: seatRouter,
  webhooks: webhooksRouter,
});

export type AppRouter = typeof appRouter;
