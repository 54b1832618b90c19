import { z } from 'zod';
import { may } from '#server/auth/permissions.ts';
import type { RefundReason } from '#server/payments/view.ts';
import { shownEscalation } from './escalation-view.ts';
import { once } from './once.ts';
import { shownEntries, shownPayment } from './payment-view.ts';
import { plainText } from './plain-text.ts';
import { shownId } from './shown-id.ts';
import { can, router } from './trpc.ts';

const One = z.object({ id: shownId('payment') });
const reasons = ['duplicate', 'fraudulent', 'requested_by_customer', 'other'] as const satisfies RefundReason[];
const Attempt = { attempt: z.uuid() };
const Amount = { amount: z.bigint().positive().optional() };

/** One payment: what it is, what happened to it, and what may be done. */
export const paymentRouter = router({
  view: can('payments:read')
    .input(One)
    .query(async ({ ctx, input }) => {
      const { payments } = ctx.rooms;
      const [payment, entries, open] = await Promise.all([
        payments.payment(ctx.caller, input.id),
        payments.timeline(ctx.caller, input.id),
        may(ctx.caller.role, 'escalations:read') ? payments.escalations(ctx.caller, { open: true }) : [],
      ]);
      const staffIds = entries.flatMap(({ actor }) => (actor.kind === 'staff' && actor.id ? [actor.id] : []));
      const names = await ctx.rooms.staff.names(ctx.caller, [...new Set(staffIds)]);
      const { possible } = payment;
      return {
        payment: shownPayment(payment),
        entries: shownEntries(entries, names),
        escalations: open.filter(({ paymentId }) => paymentId === input.id).map(shownEscalation),
        diagram: payments.diagram(),
        can: {
          capture: possible.capture && may(ctx.caller.role, 'payments:capture'),
          void: possible.void && may(ctx.caller.role, 'payments:void'),
          refund: possible.refund && may(ctx.caller.role, 'payments:refund'),
          review: possible.review && may(ctx.caller.role, 'payments:review'),
        },
      };
    }),

  /** Changes whenever anything has happened: what an open page watches. */
  version: can('payments:read')
    .input(One)
    .query(async ({ ctx, input }) => (await ctx.rooms.payments.payment(ctx.caller, input.id)).version),

  capture: can('payments:capture')
    .input(One.extend({ ...Attempt, ...Amount, reason: plainText(500).optional() }))
    .mutation(({ ctx, input: { id, attempt, amount, reason } }) =>
      once(ctx, ctx.caller, { attempt, says: ['capture', id, amount, reason] }, (claim) =>
        ctx.rooms.payments.capture(ctx.caller, { paymentId: id, amount, reason, claim }),
      ),
    ),

  review: can('payments:review')
    .input(One.extend({ ...Attempt, verdict: z.enum(['approve', 'reject']), note: plainText(500).optional() }))
    .mutation(({ ctx, input: { id, attempt, verdict, note } }) =>
      once(ctx, ctx.caller, { attempt, says: ['review', id, verdict, note] }, (claim) =>
        ctx.rooms.payments.review(ctx.caller, { paymentId: id, verdict, note, claim }),
      ),
    ),

  void: can('payments:void')
    .input(
      One.extend({ ...Attempt, reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned']) }),
    )
    .mutation(async ({ ctx, input: { id, attempt, reason } }) => {
      const { intentId } = await ctx.rooms.payments.payment(ctx.caller, id);
      return once(ctx, ctx.caller, { attempt, says: ['void', id, reason] }, (claim) =>
        ctx.rooms.payments.cancel(ctx.caller, { intentId, reason, claim }),
      );
    }),

  refund: can('payments:refund')
    .input(One.extend({ ...Attempt, ...Amount, reason: z.enum(reasons), note: plainText(500).optional() }))
    .mutation(({ ctx, input: { id, attempt, amount, reason, note } }) =>
      once(ctx, ctx.caller, { attempt, says: ['refund', id, amount, reason, note] }, (claim) =>
        ctx.rooms.payments.refund(ctx.caller, { paymentId: id, amount, reason, note, claim }),
      ),
    ),
});
