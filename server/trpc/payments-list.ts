import { z } from 'zod';
import { showId } from '#server/kernel/id.ts';
import type { PaymentRow } from '#server/payments/view.ts';
import { FilterInput, filterOf } from './payment-filter.ts';
import { shownId } from './shown-id.ts';
import { can, router } from './trpc.ts';

const rowsPerPage = 50;

const Page = z.object({ filter: FilterInput, after: shownId('payment').optional() });

/** The list of payments, newest first. */
export const paymentsListRouter = router({
  page: can('payments:read')
    .input(Page)
    .query(async ({ ctx, input: { filter, after } }) => {
      const { currency } = await ctx.rooms.staff.merchant(ctx.caller);
      const page = { filter: filterOf(filter, currency), limit: rowsPerPage, ...(after ? { after } : {}) };
      const { rows, next, searchedTo } = await ctx.rooms.payments.list(ctx.caller, page);
      return { rows: rows.map(shownRow), next: next && showId('payment', next), searchedTo };
    }),

  /** What there is to filter by: providers to choose from, and the currency of amounts without another. */
  choices: can('payments:read').query(async ({ ctx }) => {
    const { currency } = await ctx.rooms.staff.merchant(ctx.caller);
    return { currency, providers: ctx.rooms.providers.names() };
  }),
});

/** A row with its ids as people see them. */
export type ShownRow = ReturnType<typeof shownRow>;

function shownRow(row: PaymentRow) {
  return { ...row, id: showId('payment', row.id), intentId: showId('intent', row.intentId) };
}
