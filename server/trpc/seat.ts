import { can, router } from './trpc.ts';

/** The console's frame: who sits here, at which merchant. */
export const seatRouter = router({
  me: can('payments:read').query(async ({ ctx }) => {
    const { name, role } = ctx.caller;
    const merchant = await ctx.rooms.staff.merchant(ctx.caller);
    return { name, role, merchant: merchant.name, mode: ctx.rooms.mode };
  }),
});
