import { z } from 'zod';
import { may } from '#server/auth/permissions.ts';
import type { ParkedEvent } from '#server/events/consumer.ts';
import { showId } from '#server/kernel/id.ts';
import { shownId } from './shown-id.ts';
import { can, router } from './trpc.ts';

/** Who acts on the event log, how far they are, and what they could not deal with. */
export const eventsRouter = router({
  page: can('operations:read').query(async ({ ctx }) => {
    const { bus, consumers } = ctx.rooms;
    const [standings, parked] = await Promise.all([bus.standings(consumers), bus.parked(ctx.caller.merchantId)]);
    return { standings, parked: parked.map(shownParked), can: { retry: may(ctx.caller.role, 'operations:retry') } };
  }),

  /** Asked twice, it is tried once more all the same: an effect is done once, whoever asks for it. */
  retry: can('operations:retry')
    .input(z.object({ consumer: z.string().max(80), id: shownId('event') }))
    .mutation(({ ctx, input: { consumer, id } }) => ctx.rooms.bus.retry(consumer, id, ctx.caller.merchantId)),
});

export type ShownParked = ReturnType<typeof shownParked>;

/** A parked event as people see it. */
function shownParked({ consumer, event, why, tries, error, tryAgainAt, parkedAt }: ParkedEvent) {
  return {
    consumer,
    id: showId('event', event.id),
    payment: showId('payment', event.paymentId),
    seq: event.seq,
    trigger: event.trigger,
    at: event.at,
    why,
    tries,
    error,
    tryAgainAt,
    parkedAt,
  };
}
