import type { Dispatcher } from 'undici';
import type { News } from '../alerts.ts';
import type { Channel, Message } from '../channel.ts';
import { post } from './post.ts';

const actions = { raised: 'trigger', acknowledged: 'acknowledge', resolved: 'resolve' } as const satisfies Record<
  News,
  string
>;

/** The longest summary that PagerDuty takes. */
const summaryAtMost = 1024;

export interface PagerDuty {
  dispatcher: Dispatcher;
  /** `https://events.pagerduty.com`, without a trailing slash. */
  url: string;
  webUrl: string;
}

/**
 * One alert is one incident, known by the alert's id however often it is sent.
 *
 * @see PagerDuty Events API v2, https://developer.pagerduty.com/docs/send-alert-event.
 */
export function pagerDutyChannel({ dispatcher, url, webUrl }: PagerDuty): Channel {
  return {
    send: (message, signal) =>
      post(`${url}/v2/enqueue`, { body: JSON.stringify(eventOf(message, webUrl)), dispatcher, signal }),
  };
}

function eventOf({ alert, news, secret }: Message, webUrl: string) {
  const named = { routing_key: secret, event_action: actions[news], dedup_key: alert.id };
  if (news !== 'raised') return named;
  const { kind, severity, title, detail, path, raisedAt } = alert;
  return {
    ...named,
    payload: {
      summary: title.slice(0, summaryAtMost),
      source: new URL(webUrl).host,
      severity,
      timestamp: raisedAt.toISOString(),
      class: kind,
      custom_details: detail,
    },
    links: [{ href: `${webUrl}${path ?? '/admin/alerts'}`, text: 'Open in Florin' }],
  };
}
