import type { Transact } from '#db/transaction.ts';
import type { Clock } from '#server/kernel/clock.ts';
import type { Ids } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { sha256 } from '#server/kernel/secret.ts';
import type { Log } from '#server/observability/log.ts';
import { counter } from '#server/observability/metrics.ts';
import type { Providers, ReadWebhook } from '#server/providers/contract.ts';
import { within } from './core/addresses.ts';
import { keptBody, keptHeaders, keptOfForgery } from './core/kept.ts';
import { writeSay } from './core/say-text.ts';
import { type Arrival, type Concern, keepGenuine, keepRejected, type Signed, type Waiting } from './core/store.ts';
import type { Processor } from './process.ts';
import type { WebhookSetting } from './settings.ts';
import type { Incoming, Receipt, Receiver, WebhookReason } from './webhooks.ts';

export interface ReceiverSeams {
  transact: Transact;
  clock: Clock;
  ids: Ids;
  log: Log;
  providers: Pick<Providers, 'names' | 'readWebhook'>;
  processor: Pick<Processor, 'settle'>;
  settings: ReadonlyMap<string, WebhookSetting>;
}

/** Bytes of a body that are taken. */
export const longestBody = 256 * 1024;

/** Milliseconds that a provider is let wait for what became of its webhook; it is stored by then. */
const patience = 3_000;

const rejectedWebhooks = counter({
  name: 'florin_provider_webhooks_rejected_total',
  help: 'Provider webhooks that were not believed, by reason',
  labels: ['provider', 'reason'],
});

/** Makes the door for providers: what comes is stored, with its verdict, before it is answered. */
export function makeReceiver(seams: ReceiverSeams): Receiver {
  const { clock, log, processor } = seams;
  for (const provider of seams.settings.keys()) {
    if (!seams.providers.names().includes(provider))
      log.warn({ provider }, 'webhooks are set up of no provider of ours');
  }

  async function reject(incoming: Incoming, why: { reason: WebhookReason } & Partial<Known>): Promise<Receipt> {
    const { provider } = incoming;
    const { reason, signed, concern } = why;
    const arrival = arrivalOf(seams, incoming, keptOfForgery);
    await seams.transact('webhooks.reject', (tx) => keepRejected(tx, arrival, { reason, signed, concern }));
    rejectedWebhooks.inc({ provider, reason });
    log.warn({ provider, reason, client: incoming.address }, 'webhook rejected');
    return { kind: 'rejected', reason };
  }

  async function take(incoming: Incoming, genuine: Genuine): Promise<Receipt> {
    const { eventId, signedAt } = genuine;
    const say = genuine.say ? writeSay(genuine.say) : null;
    const arrival = arrivalOf(seams, incoming, longestBody);
    const kept = await seams.transact('webhooks.receive', (tx) => keepGenuine(tx, arrival, { eventId, signedAt, say }));
    if (kept.kind === 'again') return { kind: 'taken', status: kept.status };
    if (kept.kind === 'fresh') return settleInTime(kept);
    return reject(incoming, { reason: kept.reason, signed: { eventId, signedAt }, concern: kept });
  }

  /** What became of it, where that is known in time. Otherwise it is stored, which is what a provider wants to hear. */
  async function settleInTime(waiting: Waiting): Promise<Receipt> {
    const over = new AbortController();
    const taken: Receipt = { kind: 'taken', status: 'received' };
    const settled = processor.settle(waiting).then(
      ({ status, reason }): Receipt => (reason === null ? { kind: 'taken', status } : { kind: 'rejected', reason }),
      (error: unknown): Receipt => {
        log.warn({ event: waiting.id, provider: waiting.provider, error }, 'a webhook is left to the worker');
        return taken;
      },
    );
    const late = clock.sleep(patience, over.signal).then(() => taken);
    // Whoever sleeps in vain hears of it by an abort.
    late.catch(() => {});
    return Promise.race([settled, late]).finally(() => over.abort());
  }

  return {
    async receive(incoming) {
      const { provider, address, headers, body } = incoming;
      const setting = seams.settings.get(provider);
      if (!setting || !seams.providers.names().includes(provider))
        throw new Refusal('not_found', 'No provider sends webhooks here.');
      if (!within(address, setting.addresses)) return reject(incoming, { reason: 'address_refused' });
      const told = { secrets: setting.secrets, now: clock.now() };
      const read = seams.providers.readWebhook(provider, { headers, body }, told);
      if (read.kind === 'rejected') return reject(incoming, { reason: read.fault });
      if (!isStorable(read.eventId)) return reject(incoming, { reason: 'malformed' });
      return take(incoming, read);
    },
  };
}

type Genuine = Extract<ReadWebhook, { kind: 'verified' }>;

/** What is known of a webhook that is rejected although its signature holds. */
interface Known {
  signed: Signed;
  concern: Concern;
}

function arrivalOf({ ids, clock }: ReceiverSeams, incoming: Incoming, most: number): Arrival {
  const { provider, address, headers, body } = incoming;
  return {
    id: ids(),
    provider,
    at: clock.now(),
    address: address.slice(0, 64),
    headers: keptHeaders(headers),
    body: keptBody(body, most),
    bodySize: body.length,
    bodyDigest: sha256(body),
  };
}

function isStorable(eventId: string): boolean {
  return eventId.length > 0 && eventId.length <= 255 && !eventId.includes('\0');
}
