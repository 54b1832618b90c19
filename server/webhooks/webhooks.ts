import type { webhookReasons, webhookStatuses } from '#db/schema/webhooks.ts';

export type WebhookStatus = (typeof webhookStatuses)[number];
export type WebhookReason = (typeof webhookReasons)[number];

/** A request to our door, as it came over the wire. Header names are in small letters. */
export interface Incoming {
  provider: string;
  /** Of the peer, or as our own gateways saw it. */
  address: string;
  headers: Readonly<Record<string, string | undefined>>;
  body: Buffer;
}

/** What the provider is answered. */
export type Receipt =
  /** Stored, whatever becomes of it: 200. */
  { kind: 'taken'; status: Exclude<WebhookStatus, 'rejected'> } | { kind: 'rejected'; reason: WebhookReason };

export interface Receiver {
  /**
   * Stores what came, then says how to answer. Genuine news is handed to payments at once; where that takes too long
   * or fails, the worker does it.
   *
   * @throws Refusal `not_found` for a provider that sends no webhooks here: nothing is stored.
   */
  receive(incoming: Incoming): Promise<Receipt>;
}

/** A line of the console's list. */
export interface WebhookRow {
  id: string;
  provider: string;
  status: WebhookStatus;
  reason: WebhookReason | null;
  eventId: string | null;
  /** Where it concerns a payment of ours. */
  paymentId: string | null;
  address: string;
  /** How often the provider has sent this event. */
  times: number;
  receivedAt: Date;
}

export interface WebhookView extends WebhookRow {
  headers: Record<string, string>;
  signedAt: Date | null;
  lastReceivedAt: Date;
  settledAt: Date | null;
  /** With card numbers and the provider's secrets blacked out; null while it waits and nobody knows whose it is. */
  body: string | null;
  /** Only the beginning was kept: it is not believed, and long. */
  cut: boolean;
  /** Bytes, as it came. */
  bodySize: number;
}

export interface WebhookFilter {
  /** `accepted` is everything that is dealt with and not rejected. */
  verdict?: 'rejected' | 'accepted' | 'waiting';
  provider?: string;
  reason?: WebhookReason;
}
