import type { Dispatcher } from 'undici';
import { z } from 'zod';
import { type Clock, systemClock } from '#server/kernel/clock.ts';
import { Refusal, type RefusalCode, refusals } from '#server/kernel/refusal.ts';
import { inSpan } from '#server/observability/trace.ts';
import { makeCalls } from './calls.ts';
import { type CardUse, type CardView, cardView, type GrantScope, type Parcel, type Sent, sent } from './parcel.ts';

export type { CardUse, CardView, GrantScope, Parcel, Sent } from './parcel.ts';

export interface VaultClient {
  /** Permission for the card frame to turn one card into a token for this scope, within 15 minutes. Opaque. */
  grantFrame(scope: GrantScope): Promise<{ grant: string; expiresAt: Date }>;
  /** @throws Refusal `token_unusable` when unknown, expired, or not meant for this use. Looking does not use it up. */
  describe(token: string, use: CardUse): Promise<CardView>;
  /** A token for a published test card such as `pm_card_visa`. @throws Refusal `not_found` outside test mode. */
  testToken(name: string, scope: GrantScope): Promise<string>;
  /** Sends a provider's request through the egress. Does not throw: not knowing is an answer. */
  send(parcel: Parcel): Promise<Sent>;
}

/** Longer than the vault itself waits for a provider, so that its answer is heard. */
const sendPatience = 30_000;
const askPatience = 5_000;

const granted = z.object({ grant: z.string(), expiresAt: z.iso.datetime().transform((text) => new Date(text)) });
const made = z.object({ token: z.string() });
const problem = z.object({ code: z.string(), detail: z.string(), param: z.string().optional() });

/**
 * How the other processes ask the vault.
 *
 * @param url    Its internal address, without a trailing slash.
 * @param agent  Mutual TLS under this process's identity: `workloadAgent(identity, { to: 'vault' })`.
 * @param clock  Says when patience is over.
 */
export function makeVaultClient({ url, agent, clock = systemClock }: Wire): VaultClient {
  const post = makeCalls({ url, agent, clock });
  async function ask<T extends z.ZodType>(path: string, body: object, form: T): Promise<z.output<T>> {
    const answer = await post(path, body, askPatience).catch(() => undefined);
    if (answer?.status === 200) return form.parse(answer.body);
    throw refusalOf(answer?.body);
  }
  return {
    grantFrame: (scope) => ask('/grants', scopeForm(scope), granted),
    describe: (token, { merchantId, intentId, currency, amount }) =>
      ask('/tokens/describe', { token, use: { merchantId, intentId, currency, amount: String(amount) } }, cardView),
    testToken: async (name, scope) => (await ask('/tokens/test', { name, scope: scopeForm(scope) }, made)).token,
    send: (parcel) =>
      inSpan('vault.send', { operation: parcel.operation, provider: parcel.provider }, async () => {
        const began = clock.now().getTime();
        // Clocks are set back now and then.
        const milliseconds = () => Math.max(0, clock.now().getTime() - began);
        try {
          return understand(await post('/egress', parcel, sendPatience), milliseconds());
        } catch (error) {
          return unanswered(error, milliseconds());
        }
      }),
  };
}

interface Wire {
  url: string;
  agent: Dispatcher;
  clock?: Clock;
}

function understand({ status, body }: { status: number; body: unknown }, milliseconds: number): Sent {
  if (status === 200) return sent.parse(body);
  const told = problem.safeParse(body);
  // The vault answers with a problem only while nothing has left; of an error of its own it may not know.
  if (told.success && status < 500) return { kind: 'not_sent', code: told.data.code, message: told.data.detail };
  return { kind: 'silent', why: 'vault_failed', milliseconds };
}

function unanswered(error: unknown, milliseconds: number): Sent {
  const { code, name } = error as NodeJS.ErrnoException;
  // Refused means that nobody was there to take it. After any other failure the parcel may be on its way.
  if (code === 'ECONNREFUSED')
    return { kind: 'not_sent', code: 'unavailable', message: 'The vault cannot be reached.' };
  return { kind: 'silent', why: name === 'TimeoutError' ? 'timeout' : 'vault_lost', milliseconds };
}

function refusalOf(body: unknown): Refusal {
  const told = problem.safeParse(body);
  if (!told.success || !isRefusalCode(told.data.code))
    return new Refusal('unavailable', 'The vault cannot be reached.');
  const { code, detail, param } = told.data;
  return new Refusal(code, detail, param === undefined ? {} : { param });
}

function isRefusalCode(code: string): code is RefusalCode {
  return Object.hasOwn(refusals, code);
}

function scopeForm({ merchantId, intentId, currency, maxAmount }: GrantScope) {
  return { merchantId, intentId, currency, maxAmount: String(maxAmount) };
}
