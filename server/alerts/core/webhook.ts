import { Webhook } from 'standardwebhooks';
import type { Dispatcher } from 'undici';
import { invariant } from '#server/kernel/invariant.ts';
import type { Channel, Message } from '../channel.ts';
import { post } from './post.ts';

interface WebhookSeams {
  dispatcher: Dispatcher;
  /** Takes plain http too: for test mode. */
  plain: boolean;
  webUrl: string;
}

/**
 * A signed post of JSON.
 *
 * @see Standard Webhooks, https://github.com/standard-webhooks/standard-webhooks: `webhook-id` stays the same over all
 *      tries, `webhook-timestamp` is that of this try, and both are signed together with the body.
 */
export function webhookChannel({ dispatcher, plain, webUrl }: WebhookSeams): Channel {
  return {
    async send(message, signal) {
      const { delivery, at, address, secret } = message;
      invariant(secret, 'a webhook is signed with its own secret');
      if (!plain && !address.startsWith('https:')) throw new Error('in live mode a webhook goes over https alone');
      const body = JSON.stringify(payloadOf(message, webUrl));
      const headers = {
        'webhook-id': delivery,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(delivery, at, body),
      };
      return post(address, { body, headers, dispatcher, signal });
    },
  };
}

function payloadOf({ alert, news, at }: Message, webUrl: string) {
  const { id, kind, severity, merchantId: merchant, subject, title, detail, path, raisedAt } = alert;
  const url = `${webUrl}${path ?? '/admin/alerts'}`;
  return {
    type: `alert.${news}`,
    timestamp: at.toISOString(),
    data: { id, kind, severity, merchant, subject, title, detail, url, raised_at: raisedAt.toISOString() },
  };
}
