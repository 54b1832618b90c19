import type { Clock } from '#server/kernel/clock.ts';
import type { Random } from '#server/kernel/secret.ts';
import { twisted } from './interrupt.ts';
import type { FaultAt, Lever } from './levers.ts';
import type { Event, Post } from './webhook-post.ts';

export interface Faulty {
  post: Post;
  lever: Lever<FaultAt<'webhook'>>;
  clock: Clock;
  random: Random;
  /** Resolves once another webhook went ahead. */
  overtaken: () => Promise<void>;
}

/** How far a clock is wrong where the lever does not say. */
const tenMinutes = 10 * 60_000;

/** Delivers as the lever says. What is wrong on purpose is sent once: it is refused for good reason. */
export async function deliverUnder(event: Event, { post, lever, clock, random, overtaken }: Faulty): Promise<void> {
  const { fault, milliseconds, copies = 2 } = lever;
  const skew = milliseconds ?? tenMinutes;
  switch (fault) {
    case 'webhook_drop':
      return;
    case 'webhook_delay':
      await clock.sleep(milliseconds ?? 0);
      return post.deliver(event);
    case 'webhook_duplicate': {
      const webhook = post.signed(event);
      await Promise.all(Array.from({ length: copies }, () => post.once(webhook)));
      return;
    }
    case 'webhook_reorder':
      await overtaken();
      return post.deliver(event);
    case 'webhook_replay': {
      const [oldest] = post.history();
      await post.deliver(event);
      return oldest && post.once(oldest);
    }
    case 'webhook_forge':
      return post.once(post.signed(event, { key: random(32) }));
    case 'webhook_stale':
      return post.once(post.signed(event, { skew: -skew }));
    case 'webhook_future':
      return post.once(post.signed(event, { skew }));
    case 'webhook_wrong_amount':
      return post.once(post.signed({ ...event, data: twisted(event.data, 'wrong_amount') }));
    case 'webhook_wrong_currency':
      return post.once(post.signed({ ...event, data: twisted(event.data, 'wrong_currency') }));
  }
}
