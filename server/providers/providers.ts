import type { Clock } from '#server/kernel/clock.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Random } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import type { Parcel, Sent, VaultClient } from '#server/vault-client/vault-client.ts';
import type { Ask, Order, Provider, ProviderRequest, Providers } from './contract.ts';
import type { Exchange, Outcome } from './outcome.ts';
import { makeGuard } from './resilience/guard.ts';
import { sandbox } from './sandbox/sandbox.ts';
import type { ProviderSetting } from './settings.ts';
import { storable, storableSay } from './storable.ts';
import { stripe } from './stripe/stripe.ts';

export interface ProvidersSeams {
  vault: Pick<VaultClient, 'send'>;
  clock: Clock;
  random: Random;
  log: Pick<Log, 'info' | 'warn'>;
  /** In the operator's order. */
  settings: readonly ProviderSetting[];
}

/** How each kind of provider is made. */
const kinds: Record<ProviderSetting['kind'], (name: string) => Provider> = { sandbox, stripe };

/** An inquiry changes nothing, so it may wait for its turn no longer than an answer is worth. */
const inquiryWindow = 10_000;

/** Turned away before the request was read: credentials, permission, rate. The same for every provider over HTTP. */
const turnedAway = [401, 403, 429];

/** Not the provider's fault: no other provider could do more with this token. */
const tokenProblems = ['token_unusable', 'verification_code_gone'] as const;

/** The providers of this installation, all reached through the vault's egress, each behind a guard of its own. */
export function makeProviders({ vault, clock, random, log, settings }: ProvidersSeams): Providers {
  const known = new Map(
    settings.map(({ name, kind, limits }) => {
      return [name, { provider: kinds[kind](name), guard: makeGuard(name, limits, { clock, random, log }) }];
    }),
  );

  function named(name: string) {
    const one = known.get(name);
    if (!one) throw new Refusal('provider_unavailable', 'The provider of this payment is not set up any more.');
    return one;
  }

  return {
    names: () => [...known.keys()],
    capabilities: (name) => named(name).provider.capabilities,
    health: () => [...known].map(([name, { guard }]) => ({ name, ...guard.health() })),
    readWebhook: (name, webhook, told) => storableSay(named(name).provider.readWebhook(webhook, told)),
    request: (name, order) => askOf(named(name).provider, order).request,
    async send(name, order, { request, sendBefore, ...more }) {
      const { provider, guard } = named(name);
      const { read } = askOf(provider, order);
      return guard.ask({
        kind: order.kind,
        // Going on after a challenge is no new charge.
        begins: order.kind === 'authorize' && order.step === 1,
        send: () => vault.send({ ...parcel(name, order, request), sendBefore: iso(sendBefore), ...more }),
        read: (sent) => outcomeOf(sent, more.send, read),
      });
    },
    async inquire(name, order) {
      const { provider, guard } = named(name);
      const asked = async (ask: Ask): Promise<Outcome> => {
        let next: Ask | undefined;
        const sendBefore = iso(new Date(clock.now().getTime() + inquiryWindow));
        const outcome = await guard.ask({
          kind: 'inquire',
          begins: false,
          send: () => vault.send({ ...parcel(name, order, ask.request), send: 0, sendBefore }),
          read(sent) {
            next = sent.kind === 'answered' ? ask.onward?.(sent) : undefined;
            return answerOf(sent, ask.read);
          },
        });
        return next ? asked(next) : outcome;
      };
      return asked(provider.inquire(order));
    },
  };
}

function askOf(provider: Provider, order: Order): Ask {
  if (order.kind !== 'cancel') return provider[order.kind](order);
  invariant(provider.cancel, 'a cancel is asked only of a provider that can cancel');
  return provider.cancel(order);
}

type Addressed = Omit<Parcel, 'send' | 'sendBefore' | 'token' | 'more'>;

function parcel(provider: string, order: Order, request: ProviderRequest): Addressed {
  const { operation, step, payment, merchantId, intentId, amount, currency } = order;
  const { method, path, body } = request;
  invariant(method === 'GET' || method === 'POST', 'a request to a provider is a GET or a POST');
  const what = { operation, step, payment, merchantId, intentId, amount: amount.toString(), currency };
  return { ...what, provider, method, path, body };
}

/** What became of an inquiry. */
function answerOf(sent: Sent, read: Ask['read']): Outcome {
  if (sent.kind === 'answered') return storable(read(sent));
  if (sent.kind === 'silent') return unknown(sent.why, { milliseconds: sent.milliseconds });
  return unknown(sent.message, { milliseconds: 0 });
}

/** What became of a send: only the first of its step knows of no other. */
function outcomeOf(sent: Sent, send: number, read: Ask['read']): Outcome {
  if (sent.kind === 'silent') return unknown(sent.why, { milliseconds: sent.milliseconds });
  if (sent.kind === 'not_sent') return notTaken(send, sent, { milliseconds: 0 });
  if (!turnedAway.includes(sent.status)) return storable(read(sent));
  const { status, milliseconds } = sent;
  const message = `The provider turned the request away with status ${status}.`;
  return notTaken(send, { code: 'turned_away', message }, { status, milliseconds });
}

/**
 * This send did nothing. On the first that says it all: nothing was asked, and only a token of no use is a "no". Later
 * sends know nothing of those before them.
 */
function notTaken(send: number, { code, message }: { code: string; message: string }, exchange: Exchange): Outcome {
  if (send > 1) return unknown(`send ${send} was not taken (${code}), but an earlier one may have been`, exchange);
  const own = tokenProblems.find((problem) => problem === code);
  if (!own) return { kind: 'not_taken', why: message, exchange };
  return { kind: 'refused', code: own, providerCode: null, message, retryable: false, exchange };
}

function unknown(why: string, exchange: Exchange): Outcome {
  return { kind: 'unknown', why, exchange };
}

function iso(date: Date): string {
  return date.toISOString();
}
