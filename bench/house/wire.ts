import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import type { Merchant } from './merchants.ts';

/** A merchant's program at the other end of HTTP. */
export interface Wire {
  /** @throws Error where the answer is none of 2xx. */
  post(merchant: Merchant, path: string, body: string, key?: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/** Connections are kept open, as clients of an API keep them. */
export function openWire(apiUrl: string, connections: number): Wire {
  const agent = new Agent({ connections, pipelining: 1 });
  return {
    async post({ key: secret }, path, body, key = randomUUID()) {
      const answer = await request(`${apiUrl}/v1/${path}`, {
        method: 'POST',
        dispatcher: agent,
        headers: {
          authorization: `Bearer ${secret}`,
          'idempotency-key': key,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body,
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 300) throw new Error(`${path} was answered ${answer.statusCode}: ${text.slice(0, 300)}`);
      return JSON.parse(text) as Record<string, unknown>;
    },
    close: () => agent.destroy(),
  };
}
