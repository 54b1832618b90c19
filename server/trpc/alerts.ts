import { z } from 'zod';
import type { AlertView } from '#server/alerts/alerts.ts';
import { may } from '#server/auth/permissions.ts';
import { can, router } from './trpc.ts';

/** What somebody has to know of. */
export const alertsRouter = router({
  list: can('operations:read')
    .input(z.object({ open: z.boolean() }))
    .query(async ({ ctx, input }) => {
      const rows = await ctx.rooms.alerts.list(ctx.caller, input);
      return { rows: rows.map(shownAlert), can: { acknowledge: may(ctx.caller.role, 'alerts:acknowledge') } };
    }),

  /** How many nobody sees to yet, for the navigation. */
  unseen: can('operations:read').query(({ ctx }) => ctx.rooms.alerts.unseen(ctx.caller)),

  /** The first to do so is on record, so that sending it again changes nothing. */
  acknowledge: can('alerts:acknowledge')
    .input(z.object({ id: z.uuid() }))
    .mutation(async ({ ctx, input }) => {
      await ctx.rooms.alerts.acknowledge(ctx.caller, input.id);
    }),
});

export type ShownAlert = ReturnType<typeof shownAlert>;

/** An alert as people see it. */
function shownAlert({ merchantId, subject: _, ...rest }: AlertView) {
  return { ...rest, wholeInstallation: merchantId === null };
}
