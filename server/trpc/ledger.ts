import { z } from 'zod';
import { showId } from '#server/kernel/id.ts';
import { type Currency, currencies } from '#server/kernel/money.ts';
import type { Entry } from '#server/ledger/entries.ts';
import type { Account } from '#server/ledger/postings.ts';
import { plainText } from './plain-text.ts';
import { shownId } from './shown-id.ts';
import { can, router } from './trpc.ts';

const rowsPerPage = 50;
const dayLength = 86_400_000;

// biome-ignore format: in the order in which the page shows them
const accounts = [
  'receivable', 'payouts', 'merchant_payable', 'fees', 'refunds', 'disputes', 'reserves', 'clearing',
  'authorizations', 'authorization_holds',
] as const satisfies Account[];

const day = z.iso.date('There is no such day');

const Which = z.strictObject({
  account: z.enum(accounts, 'There is no such account'),
  provider: plainText(40).optional(),
  currency: z.enum(Object.keys(currencies) as [Currency, ...Currency[]], 'There is no such currency').optional(),
});

/** What a merchant's accounts hold, and what moved them. */
export const ledgerRouter = router({
  /** Balances at the end of a day in UTC, or now. */
  balances: can('reconciliation:read')
    .input(z.object({ day: day.optional() }))
    .query(async ({ ctx, input }) => {
      const at = input.day ? endOf(input.day) : ctx.rooms.clock.now();
      return { at, rows: await ctx.rooms.ledger.balances(ctx.caller, at) };
    }),

  /** Postings of an account up to the end of a day, or until now, newest first. */
  entries: can('reconciliation:read')
    .input(Which.extend({ day: day.optional(), after: shownId('posting').optional() }))
    .query(async ({ ctx, input: { account, provider, currency, day: until, after } }) => {
      const page = {
        account,
        limit: rowsPerPage,
        ...(provider && { provider }),
        ...(currency && { currency }),
        ...(until && { to: new Date(endOf(until).getTime() + 1) }),
        ...(after && { after }),
      };
      const { entries, after: next } = await ctx.rooms.ledger.entries(ctx.caller, page);
      return { rows: entries.map(shownEntry), next: next && showId('posting', next) };
    }),
});

/** The last millisecond of the day. */
function endOf(text: string): Date {
  return new Date(Date.parse(`${text}T00:00:00Z`) + dayLength - 1);
}

export type ShownPosting = ReturnType<typeof shownEntry>;

function shownEntry({ id, paymentId, reverses, ...rest }: Entry) {
  return {
    ...rest,
    id: showId('posting', id),
    paymentId: showId('payment', paymentId),
    reverses: reverses && showId('posting', reverses),
  };
}
