import assert from 'node:assert/strict';
import { systemClock } from '#server/kernel/clock.ts';
import { uuidv7 } from '#server/kernel/id.ts';
import { type Secret, systemRandom } from '#server/kernel/secret.ts';
import type { Order, Provider, Providers, RawWebhook } from '../contract.ts';
import type { Outcome } from '../outcome.ts';

export const ids = uuidv7({ now: systemClock.now, random: systemRandom });

export type Kind = Order['kind'];
export type Accepted = Extract<Outcome, { kind: 'accepted' }>;

/** How a card fares. */
export type Fate =
  | 'approve'
  | 'insufficient_funds'
  | 'generic_decline'
  | 'stolen_card'
  | 'processing_error'
  /** Its holder is asked first; what follows is said once they confirmed. */
  | 'challenge'
  | 'challenge_then_decline';

/** How a request fails: lost, or answered with an error; before or after it takes effect. Hung: done, not answered. */
export type Failure = 'lost_before' | 'lost_after' | 'error_before' | 'error_after' | 'hung';

/** What a provider's test brings with it: the provider behind the port, and the strings to its other end. */
export interface Stage {
  provider: Provider;
  /** With deadlines that a test can wait for. */
  providers: Providers;
  /** The number of a card that fares so. */
  card(fate: Fate): string;
  /** A token of that card which this order may be sent with. */
  token(fate: Fate, asked: Order): string | Promise<string>;
  /** What really happened there, in order: `capture 1250`. */
  effects(reference: string): Promise<string[]>;
  /** What the provider said last on the wire. */
  lastAnswer(): { status: number; body: unknown };
  /** Lets the next request of this kind fail. */
  fail(kind: Kind, how: Failure): Promise<void>;
  mend(): Promise<void>;
  /** Answers a challenge as the card's holder does; settled once the provider knows. */
  answer(url: string, answer: 'confirm' | 'refuse'): Promise<void>;
  /** The webhook that told what became of the operation with this key. @throws Error where none comes. */
  webhook(key: string): Promise<RawWebhook>;
  /** What the provider signs its webhooks with, and another of the kind. */
  secrets: { right: Secret<string>; wrong: Secret<string> };
  /** The same webhook, each time with another part changed that is signed beside its body. */
  tampered(webhook: RawWebhook): RawWebhook[];
  stop(): Promise<void>;
}

/** An order of its own payment, €12.50 unless it says otherwise. */
export function order(kind: Order['kind'], fields: Partial<Order> = {}): Order {
  const [operation, payment, merchantId, intentId] = [ids(), ids(), ids(), ids()];
  const whose = { operation, step: 1, payment, merchantId, intentId, reference: `ch_${payment}` };
  return { ...whose, kind, amount: 1250n, currency: 'EUR', ...fields };
}

export async function send(stage: Stage, asked: Order, { fate = 'approve' as Fate, send = 1 } = {}): Promise<Outcome> {
  const { name } = stage.provider;
  return stage.providers.send(name, asked, {
    request: stage.providers.request(name, asked),
    send,
    sendBefore: new Date(Date.now() + 10_000),
    ...(asked.kind === 'authorize' && { token: await stage.token(fate, asked) }),
  });
}

/** Asks until the awaited outcome is there, or the provider's lag is over. */
export async function inquire(stage: Stage, asked: Order, awaited: Outcome['kind']): Promise<Outcome> {
  const { name, capabilities } = stage.provider;
  const end = Date.now() + capabilities.inquiryLag + 5_000;
  let outcome = await stage.providers.inquire(name, asked);
  while (outcome.kind !== awaited && Date.now() < end) {
    await systemClock.sleep(50);
    outcome = await stage.providers.inquire(name, asked);
  }
  return outcome;
}

/** Sends what must be accepted, for exactly what was asked. */
export async function accepted(stage: Stage, asked: Order): Promise<Accepted> {
  const outcome = await send(stage, asked);
  assert.ok(outcome.kind === 'accepted', JSON.stringify(outcome.exchange));
  assert.deepEqual([outcome.amount, outcome.currency], [asked.amount, asked.currency]);
  return outcome;
}

/** An order of this kind, with all done that has to go before it. */
export async function prepared(stage: Stage, kind: Kind): Promise<Order> {
  if (kind === 'authorize') return order(kind);
  const first = order('authorize');
  const { reference } = first;
  const authorizationRef = (await accepted(stage, first)).providerRef;
  if (kind !== 'refund') return order(kind, { reference, authorizationRef });
  const captureRef = (await accepted(stage, order('capture', { reference, authorizationRef }))).providerRef;
  return order(kind, { reference, authorizationRef, captureRef });
}
