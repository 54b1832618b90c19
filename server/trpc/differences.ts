import { z } from 'zod';
import { Refusal } from '#server/kernel/refusal.ts';
import type { DifferenceKind } from '#server/reconciliation/questions/view.ts';
import { plainText } from './plain-text.ts';
import { candidate, canWithDifference, ourSide, shownDifference, shownDifferenceRow } from './reconciliation-view.ts';
import { shownId } from './shown-id.ts';
import { can, router } from './trpc.ts';

const rowsPerPage = 50;

// biome-ignore format: in the order in which money is at stake
const kinds = [
  'missing_here', 'missing_at_provider', 'amount', 'currency', 'fee', 'duplicate', 'status', 'late',
] as const satisfies DifferenceKind[];

const One = z.object({ id: z.uuid('There is no such difference') });
/** Nothing that is done here is done twice: a difference ends once, is with one person, and has each note once. */
const Act = One.extend({ attempt: z.uuid() });
/** A word on the proposal that was read, and on no other. */
const Meant = Act.extend({ proposedAt: z.coerce.date() });

export const DifferenceQuery = z.strictObject({
  kind: z.enum(kinds, 'There is no such kind').optional(),
  provider: plainText(40).optional(),
  state: z.enum(['open', 'waiting', 'ended'], 'There is no such state').optional(),
  mine: z.boolean().optional(),
  fileId: z.uuid('There is no such file').optional(),
});

/** The asker's filter as the room takes it. */
export function differenceFilter({ mine, state, ...rest }: z.infer<typeof DifferenceQuery>, staffId: string) {
  const told = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined && value !== ''));
  return { state: state ?? 'open', ...(mine && { assignedTo: staffId }), ...told } as const;
}

/** Where a provider's books and ours differ, or the bank's and the provider's: the queue, and how each one ends. */
export const differencesRouter = router({
  page: can('reconciliation:read')
    .input(z.object({ filter: DifferenceQuery, after: z.uuid().optional() }))
    .query(async ({ ctx, input: { filter, after } }) => {
      const page = {
        filter: differenceFilter(filter, ctx.caller.staffId),
        limit: rowsPerPage,
        ...(after && { after }),
      };
      const { rows, next } = await ctx.rooms.reconciliationPages.differences(ctx.caller, page);
      return { rows: rows.map(shownDifferenceRow), next };
    }),

  /** What stands above the queue: what is open now, and the providers to choose from. */
  choices: can('reconciliation:read').query(async ({ ctx }) => ({
    open: await ctx.rooms.reconciliationPages.open(ctx.caller),
    providers: ctx.rooms.providers.names(),
  })),

  /** One of them with both its sides. */
  one: can('reconciliation:read')
    .input(One)
    .query(async ({ ctx, input }) => {
      const view = await ctx.rooms.reconciliationPages.difference(ctx.caller, input.id);
      const payment = view.paymentId ? await ctx.rooms.payments.payment(ctx.caller, view.paymentId) : null;
      const allowed = canWithDifference(view, ctx.caller);
      return {
        difference: shownDifference(view),
        ours: payment && ourSide(payment, view.operationId),
        people: allowed.assign ? await ctx.rooms.staff.colleagues(ctx.caller) : [],
        me: ctx.caller.staffId,
        can: allowed,
      };
    }),

  /** Captures and refunds of a payment, of which a line may be one. */
  candidates: can('payments:read')
    .input(z.object({ payment: shownId('payment') }))
    .query(async ({ ctx, input }) => {
      const payment = await ctx.rooms.payments.payment(ctx.caller, input.payment);
      const moved = payment.operations.filter(({ kind }) => kind === 'capture' || kind === 'refund');
      return moved.map((operation) => candidate(operation, payment));
    }),

  assign: can('reconciliation:write')
    .input(Act.extend({ to: z.uuid().nullable() }))
    .mutation(async ({ ctx, input: { id: differenceId, to } }) => {
      const people = to ? await ctx.rooms.staff.colleagues(ctx.caller) : [];
      const person = people.find((one) => one.id === to);
      if (to && !person) throw new Refusal('not_found', 'Nobody of your merchant is meant by this.', { param: 'to' });
      const assignee = person ? { staffId: person.id, name: person.name } : null;
      await ctx.rooms.reconciliation.assign(ctx.caller, { differenceId, to: assignee });
    }),

  note: can('reconciliation:write')
    .input(Act.extend({ text: plainText(2000) }))
    .mutation(async ({ ctx, input: { id: differenceId, text } }) => {
      const { notes } = await ctx.rooms.reconciliationPages.difference(ctx.caller, differenceId);
      const last = notes.at(-1);
      if (last?.by === ctx.caller.name && last.text === text) return;
      await ctx.rooms.reconciliation.note(ctx.caller, { differenceId, text });
    }),

  resolve: can('reconciliation:write')
    .input(Act.extend({ reason: plainText(2000) }))
    .mutation(({ ctx, input: { id: differenceId, reason } }) =>
      ctx.rooms.reconciliation.resolve(ctx.caller, { differenceId, reason }),
    ),

  propose: can('reconciliation:write')
    .input(
      Act.extend({
        end: z.enum(['written_off', 'matched']),
        reason: plainText(2000),
        operationId: shownId('operation').optional(),
      }),
    )
    .mutation(({ ctx, input: { id: differenceId, end, reason, operationId } }) =>
      ctx.rooms.reconciliation.proposeEnd(ctx.caller, {
        differenceId,
        end,
        reason,
        ...(operationId && { operationId }),
      }),
    ),

  confirm: can('reconciliation:approve')
    .input(Meant)
    .mutation(({ ctx, input: { id: differenceId, proposedAt } }) =>
      ctx.rooms.reconciliation.confirmEnd(ctx.caller, { differenceId, proposedAt }),
    ),

  withdraw: can('reconciliation:write')
    .input(Meant)
    .mutation(({ ctx, input: { id: differenceId, proposedAt } }) =>
      ctx.rooms.reconciliation.withdrawEnd(ctx.caller, { differenceId, proposedAt }),
    ),
});
