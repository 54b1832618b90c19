import { initTRPC } from '@trpc/server';
import superjson from 'superjson';
import { z } from 'zod';
import { type Permission, requirePermission } from '#server/auth/permissions.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { withContext } from '#server/observability/context.ts';
import { histogram } from '#server/observability/metrics.ts';
import type { Context } from './context.ts';
import { refusalIn, shown, withStatus } from './refused.ts';

/** Who may call a procedure. A test lists every procedure that has none. */
export interface Rule {
  rule: Permission | 'shopper';
}

const t = initTRPC
  .context<Context>()
  .meta<Partial<Rule>>()
  .create({
    transformer: superjson,
    errorFormatter({ shape, error, ctx }) {
      const { code, message, param } = shown(error);
      return { ...shape, message, data: { code, param, httpStatus: shape.data.httpStatus, request: ctx?.request } };
    },
  });

export const router = t.router;

const duration = histogram({
  name: 'florin_procedure_seconds',
  help: 'How long procedures took, by how they ended',
  labels: ['procedure', 'outcome'],
});

/** Every procedure starts here: measured, its log lines under its request, and what it refuses under its status. */
const procedure = t.procedure.use(async ({ ctx, path, next }) => {
  const stop = duration.startTimer({ procedure: path });
  const result = await withContext({ request: ctx.request, route: `trpc/${path}` }, next);
  stop({ outcome: result.ok ? 'ok' : (refusalIn(result.error)?.code ?? result.error.code.toLowerCase()) });
  if (result.ok) return result;
  throw withStatus(result.error);
});

/** A procedure for staff with this permission, whose role is read from the database on each call. */
export function can(permission: Permission) {
  return procedure.meta({ rule: permission }).use(async ({ ctx, next }) => {
    if (!ctx.seat) throw new Refusal('unauthenticated', 'Sign in first.');
    const caller = await ctx.rooms.staff.caller(ctx.seat);
    requirePermission(caller, permission);
    return withContext({ staff: caller.staffId, merchant: caller.merchantId }, () => next({ ctx: { ...ctx, caller } }));
  });
}

/** A procedure for the shopper who holds a checkout's secret: `session` is the id in the page's address. */
export const shopperOf = procedure
  .meta({ rule: 'shopper' })
  .input(z.object({ session: z.string().max(200) }))
  .use(async ({ ctx, input, next }) => {
    const shopper = await ctx.rooms.checkout.bySecret(input.session);
    return withContext({ session: shopper.sessionId, merchant: shopper.merchantId }, () =>
      next({ ctx: { ...ctx, shopper } }),
    );
  });

export const createCallerFactory = t.createCallerFactory;
