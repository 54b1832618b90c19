import type { Mode } from '#server/auth/caller.ts';
import { secretUrl, text, url } from '#server/kernel/env.ts';
import type { Secret } from '#server/kernel/secret.ts';
import { outwardAgent } from '#server/workload/outward.ts';
import type { Channel, Channels } from './channel.ts';
import { emailChannel } from './core/email.ts';
import { pagerDutyChannel } from './core/pagerduty.ts';
import { webhookChannel } from './core/webhook.ts';

/** What the process that tells people is told by its environment. */
export const channelSettings = {
  FLORIN_SMTP_URL: {
    read: secretUrl,
    purpose: 'the mail server that alerts leave by, such as smtps://user:password@host:465',
    fallback: undefined as Secret | undefined,
  },
  FLORIN_SMTP_FROM: { read: text, purpose: 'the address that alerts come from', fallback: 'florin@localhost' },
  FLORIN_PAGERDUTY_URL: {
    read: url,
    purpose: 'where PagerDuty takes events',
    fallback: 'https://events.pagerduty.com',
  },
};

interface Told {
  FLORIN_SMTP_URL: Secret | undefined;
  FLORIN_SMTP_FROM: string;
  FLORIN_PAGERDUTY_URL: string;
  FLORIN_WEB_URL: string;
  FLORIN_MODE: Mode;
}

/** All ways of telling people. `off` names those that this installation has not been given the means for. */
export function makeChannels(told: Told): Channels & { off: string[]; close(): Promise<void> } {
  const { FLORIN_SMTP_URL: smtp, FLORIN_SMTP_FROM: from, FLORIN_WEB_URL: webUrl } = told;
  const live = told.FLORIN_MODE === 'live';
  const dispatcher = outwardAgent({ allowPrivate: !live });
  return {
    email: smtp ? emailChannel({ url: smtp, from, encrypted: live, webUrl }) : silent('FLORIN_SMTP_URL is not set'),
    webhook: webhookChannel({ dispatcher, plain: !live, webUrl }),
    pagerduty: pagerDutyChannel({ dispatcher, url: told.FLORIN_PAGERDUTY_URL, webUrl }),
    off: smtp ? [] : ['email'],
    close: () => dispatcher.close(),
  };
}

/** What is to leave by it waits for a day, and says why. */
function silent(why: string): Channel {
  return { send: () => Promise.reject(new Error(`this channel is off: ${why}`)) };
}
