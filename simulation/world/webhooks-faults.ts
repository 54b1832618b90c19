import type { Engine } from '../engine/engine.ts';
import type { Plan, PlannedFault } from '../plan.ts';
import type { Attempt, Post, Signed } from './webhooks.ts';
import { signed } from './webhooks-signed.ts';

export type WebhookFault = Extract<PlannedFault, { on: 'webhook' }>;

export interface WebhookFaultSeams {
  engine: Engine;
  plan: Pick<Plan, 'faults'>;
  /** The plain way. */
  carry: Post;
  /** No webhook about this payment gets out just now. */
  isCutOff(n: number | undefined): boolean;
}

export interface WebhookFaults {
  post: Post;
  /** Resolves once the answer to this key may leave the acquirer; undefined where it may at once. */
  held(key: string): Promise<void> | undefined;
}

/** One webhook under a fault. */
interface Struck extends Attempt {
  fault: WebhookFault;
}

type Under = (struck: Struck) => Promise<{ status: number | undefined; took: boolean }>;

/** Milliseconds that a webhook waits at the most for another one to overtake it, where the plan does not say. */
const longestHold = 20_000;
/** Milliseconds beyond what a receiver takes for the present. */
const farOff = 10 * 60_000;
const mostCopies = 50;

/** Webhooks under the plan's faults; each strikes the first attempt of the nth webhook about a payment. */
export function makeWebhookFaults(seams: WebhookFaultSeams): WebhookFaults {
  const { engine, carry, isCutOff } = seams;
  const planned = seams.plan.faults.filter((fault) => fault.on === 'webhook');
  const order = makeOrder(engine, carry);
  const answers = makeAnswersHeld(carry);
  const unders: Partial<Record<WebhookFault['kind'], Under>> = {
    F19: copied(engine, carry),
    F20: order.overtaken,
    F21: answers.first,
    F22: beside(carry, (struck) => forged(engine, struck), 'before'),
    F23: beside(carry, (struck) => dated(engine, struck), 'after'),
    F24: beside(carry, (struck) => renamed(engine, struck), 'after'),
    // Its acquirer takes it for delivered.
    F26: async () => ({ status: 200, took: true }),
  };

  async function post(attempt: Attempt): Promise<number | undefined> {
    if (isCutOff(attempt.n)) return undefined;
    const fault = planned.find(
      (one) => one.payment === attempt.n && heldAt(one) === attempt.nth && attempt.attempt === 1,
    );
    const under = fault && unders[fault.kind];
    if (!under) return order.passed(attempt);
    engine.tally.injected(fault.kind);
    engine.note(`fault ${fault.id} ${fault.kind} strikes ${attempt.name}`);
    const { status, took } = await under({ ...attempt, fault });
    if (took) {
      engine.tally.took(fault.kind, [fault.payment]);
      engine.note(`fault ${fault.id} ${fault.kind} took effect`);
    }
    return status;
  }

  return { post, held: answers.held };
}

/** F19: many at once, the same to the byte. */
function copied({ dice }: Engine, carry: Post): Under {
  return async ({ fault, ...attempt }) => {
    const { copies = 2 + dice.whole(`${fault.id} copies`, mostCopies - 1) } = fault;
    const each = (_: unknown, n: number) => carry({ ...attempt, name: `${attempt.name} copy ${n + 1}` });
    const statuses = await Promise.all(Array.from({ length: copies }, each));
    const answered = statuses.filter((status) => status !== undefined);
    return { status: answered.find((status) => status < 300) ?? answered[0], took: answered.length > 1 };
  };
}

/** Of two that come in another order the first is held. */
function heldAt({ kind, nth }: WebhookFault): number {
  return kind === 'F20' ? Math.max(1, nth - 1) : nth;
}

/** F20: a webhook waits until the next one about its payment was answered. */
function makeOrder(engine: Engine, carry: Post) {
  const waiting = new Map<number | undefined, Set<() => void>>();

  async function passed(attempt: Attempt): Promise<number | undefined> {
    const status = await carry(attempt);
    for (const goOn of waiting.get(attempt.n) ?? []) goOn();
    return status;
  }

  const overtaken: Under = async ({ fault: { milliseconds = longestHold }, ...attempt }) => {
    const here = waiting.get(attempt.n) ?? new Set();
    waiting.set(attempt.n, here);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const goOn = () => resolve(true);
    here.add(goOn);
    const forget = engine.after(milliseconds, () => resolve(false));
    const took = await promise;
    forget();
    here.delete(goOn);
    return { status: await carry(attempt), took };
  };

  return { passed, overtaken };
}

/** F21: the answer waits at the acquirer until the webhook was heard. */
function makeAnswersHeld(carry: Post) {
  const held = new Map<string, { over: Promise<void>; waited: boolean }>();
  const first: Under = async ({ fault: _, ...attempt }) => {
    const key = keyIn(attempt.webhook);
    const { promise: over, resolve } = Promise.withResolvers<void>();
    const hold = { over, waited: false };
    held.set(key, hold);
    const status = await carry(attempt);
    held.delete(key);
    resolve();
    return { status, took: hold.waited && status !== undefined };
  };
  return {
    first,
    held(key: string) {
      const hold = held.get(key);
      if (hold) hold.waited = true;
      return hold?.over;
    },
  };
}

/** A second webhook, before or after the true one: it counts when somebody was there to answer it. */
function beside(carry: Post, other: (struck: Struck) => Signed, when: 'before' | 'after'): Under {
  return async (struck) => {
    const { fault: _, ...attempt } = struck;
    const extra = () => carry({ ...attempt, webhook: other(struck), name: `${attempt.name} (${struck.fault.kind})` });
    const before = when === 'before' ? await extra() : undefined;
    const status = await carry(attempt);
    const after = when === 'after' ? await extra() : undefined;
    return { status, took: (before ?? after) !== undefined };
  };
}

/** F22: signed with another key, changed or cut short after it was signed, or the same JSON written anew. */
function forged({ dice }: Engine, { fault, webhook }: Struck): Signed {
  const { body } = webhook;
  switch (dice.pick(`${fault.id} how`, ['key', 'changed', 'cut', 'anew'] as const)) {
    case 'key':
      return signed(webhook, { secret: Buffer.alloc(32, 9) });
    case 'changed':
      return { ...webhook, body: body.replace(/"amount":(\d)/, '"amount":9$1') };
    case 'cut':
      return { ...webhook, body: body.slice(0, -2) };
    case 'anew':
      return { ...webhook, body: JSON.stringify(JSON.parse(body), null, 1) };
  }
}

/** F23: rightly signed, ten minutes ago or in ten minutes. */
function dated({ dice }: Engine, { fault, webhook }: Struck): Signed {
  const { milliseconds = dice.pick(`${fault.id} how`, [-farOff, farOff]) } = fault;
  return signed(webhook, { skew: milliseconds });
}

/** F24: rightly signed under an id of its own, which its body names too or does not. */
function renamed({ dice }: Engine, { fault, webhook }: Struck): Signed {
  const id = `${webhook.id}again`;
  const body = dice.chance(`${fault.id} whole`, 0.7) ? webhook.body.replace(webhook.id, id) : webhook.body;
  return signed({ ...webhook, id, body });
}

function keyIn({ body }: Signed): string {
  return (JSON.parse(body) as { data: { key?: string } }).data.key ?? '';
}
