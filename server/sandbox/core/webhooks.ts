import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import type { Random, Secret } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import type { Entry } from './entry.ts';
import type { Levers } from './levers.ts';
import { askKindOf, eventOf } from './webhook-event.ts';
import { deliverUnder } from './webhook-faults.ts';
import { type Event, makePost, type SendWebhook } from './webhook-post.ts';

export interface WebhooksOptions {
  send: SendWebhook;
  /** As Standard Webhooks writes it: `whsec_` and base64. */
  secret: Secret;
  levers: Levers;
  clock: Clock;
  ids: Ids;
  random: Random;
  log: Log;
}

export interface Webhooks {
  tell(entry: Entry): void;
  /** Sends again, to the byte, the one with this id or the last `count`. @returns how many. */
  replay(which: { id?: string; count: number }): Promise<number>;
  /** How many are neither taken nor given up. */
  waiting(): number;
  close(): void;
}

/** How long one waits for another to overtake it, in milliseconds. */
const longestHold = 5_000;
const mostWaiting = 10_000;

/**
 * Tells the merchant of every decision. What waits for another attempt is in memory alone: a webhook can be lost for
 * ever, as everywhere, and the merchant's inquiry finds what it would have said.
 */
export function makeWebhooks({ send, secret, levers, clock, ids, random, log }: WebhooksOptions): Webhooks {
  const post = makePost({ send, secret, clock });
  const held = new Set<() => void>();
  let waiting = 0;
  let closed = false;

  async function overtaken(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    held.add(resolve);
    const forget = clock.after(longestHold, resolve);
    await promise;
    forget();
    held.delete(resolve);
  }

  async function deliver(event: Event, entry: Entry): Promise<void> {
    const lever = levers.take('webhook', { kind: askKindOf(entry), last4: entry.last4 });
    await (lever ? deliverUnder(event, { post, lever, clock, random, overtaken }) : post.deliver(event));
    if (lever?.fault !== 'webhook_reorder') for (const release of held) release();
  }

  return {
    tell(entry) {
      const told = eventOf(entry);
      if (!told || closed) return;
      if (waiting >= mostWaiting) return log.warn({ operation: entry.key }, 'too many webhooks wait: one is lost');
      waiting += 1;
      const id = `evt_${ids().replaceAll('-', '')}`;
      deliver({ id, type: told.type, created: entry.at, data: told.data }, entry)
        .catch((error) => void (closed || log.error({ error, event: id }, 'a webhook failed')))
        .finally(() => {
          waiting -= 1;
        });
    },
    async replay({ id, count }) {
      const all = post.history();
      const chosen =
        id === undefined ? all.slice(Math.max(0, all.length - count)) : all.filter((one) => one.id === id).slice(0, 1);
      for (const webhook of chosen) await post.once(webhook);
      return chosen.length;
    },
    waiting: () => waiting,
    close() {
      closed = true;
      for (const release of held) release();
      post.close();
    },
  };
}
