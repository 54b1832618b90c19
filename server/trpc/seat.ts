import { may } from '#server/auth/permissions.ts';
import { can, router } from './trpc.ts';

/** The console's frame: who sits here, at which merchant. */
export const seatRouter = router({
  me: can('payments:read').query(async ({ ctx }) => {
    const { name, role } = ctx.caller;
    const [merchant, open, alerts] = await Promise.all([
      ctx.rooms.staff.merchant(ctx.caller),
      may(role, 'escalations:read') ? ctx.rooms.payments.escalations(ctx.caller, { open: true }) : null,
      may(role, 'operations:read') ? ctx.rooms.alerts.unseen(ctx.caller) : null,
    ]);
    return { name, role, merchant: merchant.name, mode: ctx.rooms.mode, escalations: open?.length ?? null, alerts };
  }),
});
