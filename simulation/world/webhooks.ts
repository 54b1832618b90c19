import type { SendWebhook } from '#server/sandbox/make.ts';
import type { Engine } from '../engine/engine.ts';
import type { ProviderName } from '../plan.ts';
import type { Places } from './network-places.ts';
import type { DeliverWebhook } from './world.ts';

/** A webhook as its acquirer signed it. */
export type Signed = Parameters<SendWebhook>[0];

/** One attempt to deliver a webhook. */
export interface Attempt {
  provider: ProviderName;
  webhook: Signed;
  /** Place of the payment that it is about. */
  n: number | undefined;
  /** Of the webhooks about this payment, from 1; it stays the same when it is attempted again. */
  nth: number;
  attempt: number;
  /** In traces: `#3 webhook 1`. */
  name: string;
}

/** Takes a webhook over the wire, at once or as a fault wants it: the status that was answered. */
export type Post = (attempt: Attempt) => Promise<number | undefined>;

export interface PostOffice {
  /** How this acquirer posts. */
  from(provider: ProviderName): SendWebhook;
  underWay(): number;
}

export interface PostSeams {
  engine: Engine;
  places: Places;
  post: Post;
}

/** Counts webhooks by the payment that they are about, and hands each attempt to whoever delivers it. */
export function makePostOffice({ engine, places, post }: PostSeams): PostOffice {
  const known = new Map<string, { n: number | undefined; nth: number; attempts: number }>();
  const counts = new Map<number | undefined, number>();
  let underWay = 0;

  function registered({ id, body }: Signed) {
    const before = known.get(id);
    if (before) return before;
    const n = placeOf(body, places);
    const nth = (counts.get(n) ?? 0) + 1;
    counts.set(n, nth);
    const made = { n, nth, attempts: 0 };
    known.set(id, made);
    return made;
  }

  return {
    from: (provider) => async (webhook) => {
      const about = registered(webhook);
      about.attempts += 1;
      const { n, nth, attempts } = about;
      const name = `#${n ?? '?'} webhook ${nth}`;
      underWay += 1;
      const status = await post({ provider, webhook, n, nth, attempt: attempts, name });
      underWay -= 1;
      engine.note(`${provider}: ${name} ${status ?? 'unanswered'}`);
      return status;
    },
    underWay: () => underWay,
  };
}

/** How long the acquirer waits for an answer, in milliseconds. @see server/sandbox/core/webhook-sender.ts */
const patience = 5_000;

/** The plain way: some milliseconds there, the answer, and some back. */
export function makeCarrier({ engine, deliver }: { engine: Engine; deliver: DeliverWebhook }) {
  return ({ provider, webhook, name, attempt }: Attempt): Promise<number | undefined> => {
    const { headers, body } = webhook;
    return new Promise((resolve) => {
      engine.after(patience, () => resolve(undefined));
      engine.after(5 + engine.dice.whole(`${name}/${attempt} there`, 60), async () => {
        const status = await deliver(provider, { headers: { ...headers }, body }, `${name}/${attempt}`);
        engine.after(5 + engine.dice.whole(`${name}/${attempt} back`, 30), () => resolve(status));
      });
    });
  };
}

function placeOf(body: string, places: Places): number | undefined {
  const { data } = JSON.parse(body) as { data: { key?: string; capture_id?: string } };
  return places.ofKey(data.key ?? '') ?? places.ofCapture(data.capture_id ?? '');
}
