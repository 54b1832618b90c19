import { z } from 'zod';
import type { Finding } from '#server/payments/view.ts';
import { atRisk, canWith, shownEscalation } from './escalation-view.ts';
import { once } from './once.ts';
import { plainText } from './plain-text.ts';
import { shownId } from './shown-id.ts';
import { can, router } from './trpc.ts';

const One = z.object({ id: shownId('escalation') });
const Act = One.extend({ attempt: z.uuid() });
/** A word on the finding that was read, and on no other. */
const Meant = Act.extend({ proposedAt: z.coerce.date() });
const findings = ['took_place', 'did_not', 'settled_otherwise'] as const satisfies Finding[];

/** Money that somebody has to look after. What one person found is recorded once another one has confirmed it. */
export const escalationsRouter = router({
  list: can('escalations:read')
    .input(z.object({ all: z.boolean() }))
    .query(async ({ ctx, input: { all } }) => {
      const rows = await ctx.rooms.payments.escalations(ctx.caller, all ? {} : { open: true });
      const open = rows.filter(({ status }) => status !== 'closed');
      return { rows: rows.map(shownEscalation), atRisk: atRisk(open), open: open.length };
    }),

  /** How many wait for a person, for the navigation. */
  count: can('escalations:read').query(async ({ ctx }) => {
    return (await ctx.rooms.payments.escalations(ctx.caller, { open: true })).length;
  }),

  one: can('escalations:read')
    .input(One)
    .query(async ({ ctx, input }) => {
      const escalation = await ctx.rooms.payments.escalation(ctx.caller, input.id);
      return { escalation: shownEscalation(escalation), can: canWith(escalation, ctx.caller) };
    }),

  propose: can('escalations:close')
    .input(Act.extend({ finding: z.enum(findings), reason: plainText(2000), providerRef: plainText(200).optional() }))
    .mutation(({ ctx, input: { id, attempt, finding, reason, providerRef } }) =>
      once(ctx, ctx.caller, { attempt, says: ['propose', id, finding, reason, providerRef] }, (claim) =>
        ctx.rooms.payments.proposeClose(ctx.caller, { escalationId: id, finding, reason, providerRef, claim }),
      ),
    ),

  confirm: can('escalations:close')
    .input(Meant)
    .mutation(({ ctx, input: { id, attempt, proposedAt } }) =>
      once(ctx, ctx.caller, { attempt, says: ['confirm', id, proposedAt] }, (claim) =>
        ctx.rooms.payments.confirmClose(ctx.caller, { escalationId: id, proposedAt, claim }),
      ),
    ),

  withdraw: can('escalations:close')
    .input(Meant)
    .mutation(({ ctx, input: { id, attempt, proposedAt } }) =>
      once(ctx, ctx.caller, { attempt, says: ['withdraw', id, proposedAt] }, (claim) =>
        ctx.rooms.payments.withdrawClose(ctx.caller, { escalationId: id, proposedAt, claim }),
      ),
    ),
});
