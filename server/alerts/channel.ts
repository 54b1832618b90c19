import type { ChannelName, NewAlert, News, Severity } from './alerts.ts';

/** What is sent: one piece of news about one alert, to one receiver. */
export interface Message {
  /** Stays the same however often it is sent: by it the other side knows a repetition. */
  delivery: string;
  news: News;
  alert: Omit<NewAlert, 'path'> & { id: string; path: string | null; severity: Severity; raisedAt: Date };
  /** When it is sent. */
  at: Date;
  address: string;
  /** What a webhook is signed with, or a PagerDuty routing key. */
  secret: string | null;
}

/** One way of telling people. */
export interface Channel {
  /**
   * @param signal  Aborted when nobody waits for it any more.
   * @returns What the other side said.
   * @throws  Error whose message says why it did not arrive; it is then sent again.
   */
  send(message: Message, signal: AbortSignal): Promise<string>;
}

export type Channels = Record<ChannelName, Channel>;
