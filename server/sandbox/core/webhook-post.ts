import type { Clock } from '#server/kernel/clock.ts';
import type { Secret } from '#server/kernel/secret.ts';
import { counter } from '#server/observability/metrics.ts';
import { keyOf, type Signed, sign } from './webhook-sender.ts';

export interface Event {
  id: string;
  type: string;
  created: string;
  data: object;
}

export interface Post {
  /** Signed now, as the receiver expects it unless something else is said. `skew` in milliseconds. */
  signed(event: Event, otherwise?: { key?: Buffer; skew?: number }): Signed;
  /** One attempt, whatever comes back. */
  once(webhook: Signed): Promise<void>;
  /** Until it is taken, or given up. */
  deliver(event: Event): Promise<void>;
  /** What was delivered under its own name, the oldest first. */
  history(): readonly Signed[];
  /** Nothing is attempted again. */
  close(): void;
}

/** Before the second attempt, the third, …: in milliseconds. After the last one the webhook is lost. */
const pauses = [500, 1_000, 2_000, 4_000, 8_000, 16_000];
const remembered = 1_000;

/** Posts once: the status that was answered, or undefined where there was no answer. */
export type SendWebhook = (webhook: Signed) => Promise<number | undefined>;

export function makePost({ send, secret, clock }: { send: SendWebhook; secret: Secret; clock: Clock }): Post {
  const ours = keyOf(secret);
  const history: Signed[] = [];
  const over = new AbortController();
  const attempts = counter({
    name: 'florin_sandbox_webhook_attempts_total',
    help: 'Attempts to deliver a webhook, by the status of the answer.',
    labels: ['status'],
  });

  function signed({ id, ...event }: Event, { key = ours, skew = 0 } = {}): Signed {
    const at = new Date(clock.now().getTime() + skew);
    return sign({ id, body: JSON.stringify({ id, ...event }), key, at });
  }

  async function attempt(webhook: Signed): Promise<boolean> {
    const status = await send(webhook);
    attempts.inc({ status: String(status ?? 'none') });
    return status !== undefined && status >= 200 && status < 300;
  }

  return {
    signed,
    async once(webhook) {
      await attempt(webhook);
    },
    async deliver(event) {
      for (const pause of [0, ...pauses]) {
        if (pause > 0) await clock.sleep(pause, over.signal);
        const webhook = signed(event);
        history.push(webhook);
        if (history.length > remembered) history.shift();
        if (await attempt(webhook)) return;
      }
    },
    history: () => history,
    close: () => over.abort(),
  };
}
