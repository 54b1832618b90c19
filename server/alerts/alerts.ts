import type { channelNames, newsKinds, severities } from '#db/schema/alerts.ts';
import type { Caller } from '#server/auth/caller.ts';

/** What people are told about. Which of them go to whom, and from what threshold on, is data. */
export const alertKinds = [
  'escalation_opened',
  'event_parked',
  'consumer_behind',
  'queue_stuck',
  'provider_down',
  'webhooks_rejected',
  'fulfilment_failed',
  'differences_open',
  'settlement_late',
] as const;

export type AlertKind = (typeof alertKinds)[number];
export type Severity = (typeof severities)[number];
export type ChannelName = (typeof channelNames)[number];
/** What a receiver is told about an alert. */
export type News = (typeof newsKinds)[number];

export interface NewAlert {
  kind: AlertKind;
  /** Whose it is; null where it concerns the whole installation. */
  merchantId: string | null;
  /** What it is about, such as an escalation's id. While an alert of this kind and subject is open, it is the same. */
  subject: string;
  /** One sentence, for a person woken at night. */
  title: string;
  /** What they need to judge it; shown as it is. No card data, no secrets. */
  detail: Record<string, string>;
  /** Where in the console to look, such as `/admin/escalations/…`. */
  path?: string;
}

export interface AlertView extends Omit<NewAlert, 'path'> {
  id: string;
  path: string | null;
  severity: Severity;
  /** How often it was raised while it was open. */
  times: number;
  raisedAt: Date;
  lastRaisedAt: Date;
  acknowledged: { at: Date; by: string } | null;
  /** When what it was about ended by itself. */
  resolvedAt: Date | null;
  /** Who of the merchant was told, or is still to be. */
  told: Telling[];
  /** Whether it went to the installation's own people, of whom a merchant is shown no more than that. */
  installationTold: boolean;
}

/** One piece of news on its way to one receiver. */
export interface Telling {
  id: string;
  channel: ChannelName;
  /** Of a webhook without its path, where the caller may not name receivers. */
  address: string;
  news: News;
  standing: 'waiting' | 'delivered' | 'given_up';
  tries: number;
  /** What the other side said last, or why it was not reached. */
  lastAnswer: string | null;
}

/** Where somebody of a merchant is told. */
export interface Receiver {
  id: string;
  channel: ChannelName;
  /** An e-mail address, a URL, or the name of a PagerDuty service. */
  address: string;
}

export interface NewReceiver extends Omit<Receiver, 'id'> {
  /** What a webhook is signed with (`whsec_…`), or a PagerDuty integration key. Never shown again. */
  secret?: string | undefined;
}

export interface Alerts {
  /**
   * Stored first; the channels are served from the store by `deliver`. Shown and sent once its rule's threshold is met.
   */
  raise(alert: NewAlert): Promise<void>;
  /** What it was about is over. Without an open alert it does nothing. */
  resolve(kind: AlertKind, subject: string): Promise<void>;
  /**
   * What is open of one kind, at most 1,000; with `quietSince` what was not raised since then. `shown` once its
   * threshold is met.
   */
  open(kind: AlertKind, filter?: { quietSince?: Date }): Promise<{ subject: string; shown: boolean }[]>;
  /** Sends what is due to its receivers, with retries; for the worker. Returns how many were tried. */
  deliver(limit: number): Promise<number>;
  /** Newest first, at most 100; the merchant's own, and for the owner of an only merchant the installation's. */
  list(caller: Caller, filter?: { open?: boolean }): Promise<AlertView[]>;
  /** How many are open and nobody has acknowledged yet. */
  unseen(caller: Caller): Promise<number>;
  /** The first to do so is on record; whoever comes later changes nothing. @throws Refusal `not_found`. */
  acknowledge(caller: Caller, alertId: string): Promise<AlertView>;
  /** The merchant's own, at most 20; webhooks without their paths for whoever may not name any. */
  receivers(caller: Caller): Promise<Receiver[]>;
  /** Added twice it is one, with the later secret. @throws Refusal `invalid_input`. */
  addReceiver(caller: Caller, receiver: NewReceiver): Promise<void>;
  /** Is told nothing more. @throws Refusal `not_found`. */
  removeReceiver(caller: Caller, receiverId: string): Promise<void>;
}
