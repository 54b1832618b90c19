import { z } from 'zod';
import { showId } from '#server/kernel/id.ts';
import { statusOf } from '#server/webhooks/answer.ts';
import type { WebhookReason, WebhookRow } from '#server/webhooks/webhooks.ts';
import { plainText } from './plain-text.ts';
import { shownId } from './shown-id.ts';
import { can, router } from './trpc.ts';

const rowsPerPage = 50;
const day = 24 * 60 * 60 * 1000;
const reasons = Object.keys(statusOf) as [WebhookReason, ...WebhookReason[]];

const Filter = z.strictObject({
  verdict: z.enum(['rejected', 'accepted', 'waiting'], 'There is no such verdict').optional(),
  provider: plainText(40).optional(),
  reason: z.enum(reasons, 'There is no such reason').optional(),
});

/** What providers have sent us, and what became of it. */
export const webhooksRouter = router({
  page: can('operations:read')
    .input(z.object({ filter: Filter, after: shownId('webhook').optional() }))
    .query(async ({ ctx, input: { filter, after } }) => {
      const { webhooks } = ctx.rooms;
      const { rows, next } = await webhooks.list(ctx.caller, {
        filter,
        limit: rowsPerPage,
        ...(after ? { after } : {}),
      });
      return { rows: rows.map(shownRow), next: next && showId('webhook', next) };
    }),

  /** Providers to choose from, and what was rejected in the last 24 hours; the latter for an only merchant's owner. */
  choices: can('operations:read').query(async ({ ctx }) => {
    const since = new Date(ctx.rooms.clock.now().getTime() - day);
    const rejected = await ctx.rooms.webhooks.rejections(ctx.caller, since);
    return { providers: ctx.rooms.providers.names(), rejected };
  }),

  one: can('operations:read')
    .input(z.object({ id: shownId('webhook') }))
    .query(async ({ ctx, input }) => {
      const { headers, body, bodySize, cut, signedAt, lastReceivedAt, settledAt, ...row } =
        await ctx.rooms.webhooks.webhook(ctx.caller, input.id);
      const answered = row.reason ? statusOf[row.reason] : 200;
      return { ...shownRow(row), headers, body, bodySize, cut, signedAt, lastReceivedAt, settledAt, answered };
    }),
});

export type ShownWebhookRow = ReturnType<typeof shownRow>;
export type ShownWebhook = ShownWebhookRow & {
  headers: Record<string, string>;
  body: string | null;
  bodySize: number;
  cut: boolean;
  signedAt: Date | null;
  lastReceivedAt: Date;
  settledAt: Date | null;
  /** HTTP status. */
  answered: number;
};

/** A row with its ids as people see them. */
function shownRow(row: WebhookRow) {
  const { id, provider, status, reason, eventId, paymentId, address, times, receivedAt } = row;
  return {
    id: showId('webhook', id),
    paymentId: paymentId && showId('payment', paymentId),
    provider,
    status,
    reason,
    eventId,
    address,
    times,
    receivedAt,
  };
}
