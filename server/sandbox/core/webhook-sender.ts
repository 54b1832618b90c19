import { Pool } from 'undici';
import type { Clock } from '#server/kernel/clock.ts';
import { hmacSha256, type Secret } from '#server/kernel/secret.ts';

/** A webhook as it goes over the wire: sent again, it is the same to the byte. */
export interface Signed {
  id: string;
  headers: Record<string, string>;
  body: string;
}

/**
 * Signs a webhook.
 *
 * @param key  The secret's bytes.
 * @param at   When it was signed; whole seconds are kept.
 * @see        Standard Webhooks 1.0.0
 */
export function sign({ id, body, key, at }: { id: string; body: string; key: Buffer; at: Date }): Signed {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const signature = hmacSha256(key, `${id}.${timestamp}.${body}`).toString('base64');
  const headers = {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
  return { id, headers, body };
}

/** The bytes of a secret such as `whsec_…`, which holds them in base64. */
export function keyOf(secret: Secret): Buffer {
  return Buffer.from(secret.reveal().replace(/^whsec_/, ''), 'base64');
}

/** How long a receiver may take, in milliseconds. */
const patience = 5_000;

/** Posts to one address over a few connections. */
export function makeSender(url: string, clock: Clock) {
  const { origin, pathname, search } = new URL(url);
  const pool = new Pool(origin, { connections: 8, pipelining: 1 });
  return {
    /** @returns The status, or undefined where there was no answer. */
    async post({ headers, body }: Signed): Promise<number | undefined> {
      const given = new AbortController();
      const forget = clock.after(patience, () => given.abort());
      try {
        const path = `${pathname}${search}`;
        const answer = await pool.request({ method: 'POST', path, headers, body, signal: given.signal });
        await answer.body.dump();
        return answer.statusCode;
      } catch {
        return undefined;
      } finally {
        forget();
      }
    },
    close: () => pool.destroy(),
  };
}
