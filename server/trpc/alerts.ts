import { z } from 'zod';
import type { AlertView, ChannelName } from '#server/alerts/alerts.ts';
import { may } from '#server/auth/permissions.ts';
import { plainText } from './plain-text.ts';
import { can, router } from './trpc.ts';

const channels = ['email', 'webhook', 'pagerduty'] as const satisfies ChannelName[];

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

  /** Who is told. */
  receivers: can('operations:read').query(async ({ ctx }) => ({
    rows: await ctx.rooms.alerts.receivers(ctx.caller),
    can: { configure: may(ctx.caller.role, 'alerts:configure') },
  })),

  /** Added twice it is one: nothing is told that a lost answer could lose. */
  addReceiver: can('alerts:configure')
    .input(z.object({ channel: z.enum(channels), address: plainText(500), secret: plainText(200).optional() }))
    .mutation(({ ctx, input }) => ctx.rooms.alerts.addReceiver(ctx.caller, input)),

  removeReceiver: can('alerts:configure')
    .input(z.object({ id: z.uuid() }))
    .mutation(({ ctx, input }) => ctx.rooms.alerts.removeReceiver(ctx.caller, input.id)),
});

export type ShownAlert = ReturnType<typeof shownAlert>;

/** An alert as people see it. */
function shownAlert({ merchantId, subject: _, ...rest }: AlertView) {
  return { ...rest, wholeInstallation: merchantId === null };
}
