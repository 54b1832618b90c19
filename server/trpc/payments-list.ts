import { z } from 'zod';
import { readId, showId } from '#server/kernel/id.ts';
import type { PaymentRow } from '#server/payments/view.ts';
import { FilterInput, filterOf } from './payment-filter.ts';
import { can, router } from './trpc.ts';

const rowsPerPage = 50;

/** Where a page begins, as the one before told it: an id, and behind a point what the search was taken for. */
const Cursor = z.string().transform((text, check) => {
  const [shown = '', kind] = text.split('.');
  const after = readId('payment', shown);
  const searchedAs = (['whole', 'part'] as const).find((known) => known === kind);
  if (after && searchedAs === kind) return { after, ...(searchedAs && { searchedAs }) };
  check.addIssue({ code: 'custom', message: 'There is no such page' });
  return z.NEVER;
});

const Page = z.object({ filter: FilterInput, after: Cursor.optional() });

/** The list of payments, newest first. */
export const paymentsListRouter = router({
  page: can('payments:read')
    .input(Page)
    .query(async ({ ctx, input: { filter, after } }) => {
      const { currency } = await ctx.rooms.staff.merchant(ctx.caller);
      const page = { filter: filterOf(filter, currency), limit: rowsPerPage, ...after };
      const { rows, next, searchedAs, ...ends } = await ctx.rooms.payments.list(ctx.caller, page);
      return { rows: rows.map(shownRow), next: next && cursorOf(next, searchedAs), ...ends };
    }),

  /** What there is to filter by: providers to choose from, and the currency of amounts without another. */
  choices: can('payments:read').query(async ({ ctx }) => {
    const { currency } = await ctx.rooms.staff.merchant(ctx.caller);
    return { currency, providers: ctx.rooms.providers.names() };
  }),
});

function cursorOf(id: string, searchedAs: string | null): string {
  return searchedAs ? `${showId('payment', id)}.${searchedAs}` : showId('payment', id);
}

/** A row with its ids as people see them. */
export type ShownRow = ReturnType<typeof shownRow>;

function shownRow(row: PaymentRow) {
  return { ...row, id: showId('payment', row.id), intentId: showId('intent', row.intentId) };
}
