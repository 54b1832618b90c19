import { z } from 'zod';
import { may } from '#server/auth/permissions.ts';
import type { OrderState } from '#server/checkout/orders.ts';
import { showId } from '#server/kernel/id.ts';
import { once } from './once.ts';
import { shownOrder, shownOrderRow } from './order-view.ts';
import { shownId } from './shown-id.ts';
import { can, router } from './trpc.ts';

const rowsPerPage = 50;

/** What the list shows. Most sessions end unpaid: their orders are of interest to few. */
const shown: Record<'paid' | 'under_way' | 'not_sent' | 'all', OrderState[]> = {
  paid: ['paid', 'fulfilling', 'fulfilled', 'failed', 'compensated'],
  under_way: ['paid', 'fulfilling'],
  not_sent: ['failed', 'compensated'],
  all: [],
};

const One = z.object({ id: shownId('order') });

/** What becomes of what was paid for. */
export const ordersRouter = router({
  page: can('payments:read')
    .input(z.object({ show: z.enum(['paid', 'under_way', 'not_sent', 'all']), after: shownId('order').optional() }))
    .query(async ({ ctx, input: { show, after } }) => {
      const page = { states: shown[show], limit: rowsPerPage, ...(after && { after }) };
      const { rows, next } = await ctx.rooms.orders.list(ctx.caller, page);
      return { rows: rows.map(shownOrderRow), next: next && showId('order', next) };
    }),

  one: can('payments:read')
    .input(One)
    .query(async ({ ctx, input }) => {
      const { orders, payments, staff, mode } = ctx.rooms;
      const order = await orders.order(ctx.caller, input.id);
      const staffIds = order.entries.flatMap(({ actor }) => (actor.kind === 'staff' && actor.id ? [actor.id] : []));
      const [names, intent] = await Promise.all([
        staff.names(ctx.caller, [...new Set(staffIds)]),
        order.intentId ? payments.intent(ctx.caller, order.intentId).catch(() => null) : null,
      ]);
      return {
        order: shownOrder(order, { mode, names }),
        payment: intent?.payment ? showId('payment', intent.payment.id) : null,
        can: { retry: order.trouble !== null && may(ctx.caller.role, 'operations:retry') },
      };
    }),

  /** The order that a payment is for; null where no checkout has asked for it. */
  ofIntent: can('payments:read')
    .input(z.object({ intentId: shownId('intent') }))
    .query(async ({ ctx, input }) => {
      const row = await ctx.rooms.orders.ofIntent(ctx.caller, input.intentId);
      return row && shownOrderRow(row);
    }),

  retry: can('operations:retry')
    .input(One.extend({ attempt: z.uuid() }))
    .mutation(({ ctx, input: { id, attempt } }) =>
      once(ctx, ctx.caller, { attempt, says: ['retry order', id] }, (claim) =>
        ctx.rooms.orders.retry(ctx.caller, { orderId: id, claim }),
      ),
    ),
});
