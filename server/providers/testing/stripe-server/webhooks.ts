import { createHmac } from 'node:crypto';
import type { Clock } from '#server/kernel/clock.ts';

/** Says that something has happened, to whoever listens. */
export type Tell<T extends object = object> = (type: string, object: T, key: string) => void;

export interface TellingSeams {
  /** Who listens; nobody where there is none. */
  url: string | undefined;
  secret: string;
  clock: Clock;
}

export interface Telling {
  tell: Tell;
  /** From now on this address is told, and no other. */
  listen(url: string): void;
}

/** How long between tries; then it gives up. */
const pauses = [200, 500, 1_000, 2_000, 5_000];

/** Signed events, told one by one until they are taken. What is told is the thing as it was at that moment. */
export function makeTelling({ url, secret, clock }: TellingSeams): Telling {
  let made = 0;
  let listener = url;
  const tell: Tell = (type, object, key) => {
    if (listener === undefined) return;
    made += 1;
    const event = {
      id: `evt_${clock.now().getTime().toString(36)}${made}`,
      object: 'event',
      type,
      created: Math.floor(clock.now().getTime() / 1000),
      livemode: false,
      request: { id: null, idempotency_key: key || null },
      data: { object },
    };
    void deliver(listener, JSON.stringify(event), { secret, clock });
  };
  return {
    tell,
    listen(url) {
      listener = url;
    },
  };
}

async function deliver(
  url: string,
  body: string,
  { secret, clock }: Pick<TellingSeams, 'secret' | 'clock'>,
): Promise<void> {
  for (const pause of pauses) {
    const time = Math.floor(clock.now().getTime() / 1000);
    const signature = createHmac('sha256', secret).update(`${time}.${body}`).digest('hex');
    const headers = { 'content-type': 'application/json', 'stripe-signature': `t=${time},v1=${signature}` };
    const answer = await fetch(url, { method: 'POST', headers, body }).catch(() => undefined);
    if (answer?.ok) return;
    await clock.sleep(pause);
  }
}
