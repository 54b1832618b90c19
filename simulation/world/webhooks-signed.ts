import { hmacSha256 } from '#server/kernel/secret.ts';
import { webhookSecret } from './settings.ts';
import type { Signed } from './webhooks.ts';

const ours = Buffer.from(webhookSecret.replace(/^whsec_/, ''), 'base64');

/**
 * Signs a webhook anew, as of the moment in its header or `skew` milliseconds off it.
 *
 * @see Standard Webhooks 1.0.0
 */
export function signed({ id, headers, body }: Signed, { secret = ours, skew = 0 } = {}): Signed {
  const timestamp = String(Number(headers['webhook-timestamp']) + Math.round(skew / 1_000));
  const signature = `v1,${hmacSha256(secret, `${id}.${timestamp}.${body}`).toString('base64')}`;
  const own = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  return { id, headers: { ...headers, ...own }, body };
}
