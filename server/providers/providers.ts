import type { Clock } from '#server/kernel/clock.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Parcel, VaultClient } from '#server/vault-client/vault-client.ts';
import type { Order, Provider, ProviderRequest, Providers, Send } from './contract.ts';
import type { Exchange, Outcome } from './outcome.ts';
import { sandbox } from './sandbox/sandbox.ts';
import type { ProviderSetting } from './settings.ts';
import { storable } from './storable.ts';

export interface ProvidersSeams {
  vault: Pick<VaultClient, 'send'>;
  clock: Clock;
  /** In the operator's order. */
  settings: readonly ProviderSetting[];
}

/** How each kind of provider is made. */
const kinds: Record<ProviderSetting['kind'], (name: string) => Provider> = { sandbox };

/** An inquiry changes nothing, so it may wait for its turn no longer than an answer is worth. */
const inquiryWindow = 10_000;

/** Turned away before the request was read: credentials, permission, rate. The same for every provider over HTTP. */
const turnedAway = [401, 403, 429];

/** Not the provider's fault: no other provider could do more with this token. */
const tokenProblems = ['token_unusable', 'verification_code_gone'] as const;

/** The providers of this installation, all reached through the vault's egress. */
export function makeProviders({ vault, clock, settings }: ProvidersSeams): Providers {
  const known = new Map(settings.map(({ name, kind }) => [name, kinds[kind](name)]));

  function named(name: string): Provider {
    const provider = known.get(name);
    if (!provider) throw new Refusal('provider_unavailable', 'The provider of this payment is not set up any more.');
    return provider;
  }

  return {
    names: () => [...known.keys()],
    capabilities: (name) => named(name).capabilities,
    request: (name, order) => named(name)[order.kind](order).request,
    async send(name, order, { request, send, sendBefore, token }) {
      const { read } = named(name)[order.kind](order);
      const answer = await vault.send({ ...parcel(name, order, request), send, sendBefore: iso(sendBefore), token });
      if (answer.kind === 'silent') return unknown(answer.why, { milliseconds: answer.milliseconds });
      if (answer.kind === 'not_sent') return notTaken(send, answer, { milliseconds: 0 });
      if (!turnedAway.includes(answer.status)) return storable(read(answer));
      const { status, milliseconds } = answer;
      const message = `The provider turned the request away with status ${status}.`;
      return notTaken(send, { code: 'turned_away', message }, { status, milliseconds });
    },
    async inquire(name, order) {
      const { request, read } = named(name).inquire(order);
      const sendBefore = iso(new Date(clock.now().getTime() + inquiryWindow));
      const answer = await vault.send({ ...parcel(name, order, request), send: 0, sendBefore });
      if (answer.kind === 'answered') return storable(read(answer));
      const milliseconds = answer.kind === 'silent' ? answer.milliseconds : 0;
      return unknown(answer.kind === 'silent' ? answer.why : answer.message, { milliseconds });
    },
  };
}

type Addressed = Omit<Parcel, 'send' | 'sendBefore' | 'token'>;

function parcel(provider: string, order: Order, request: ProviderRequest): Addressed {
  const { operation, step, payment, merchantId, intentId, amount, currency } = order;
  const { method, path, body } = request;
  invariant(method === 'GET' || method === 'POST', 'a request to a provider is a GET or a POST');
  const what = { operation, step, payment, merchantId, intentId, amount: amount.toString(), currency };
  return { ...what, provider, method, path, body };
}

/**
 * This send did nothing. On the first that says it all: nothing was asked, and only a token of no use is a "no". Later
 * sends know nothing of those before them.
 */
function notTaken(
  send: Send['send'],
  { code, message }: { code: string; message: string },
  exchange: Exchange,
): Outcome {
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
