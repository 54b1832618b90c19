import { hmacSha256 } from '#server/kernel/secret.ts';

/** A webhook as it goes over the wire. */
export interface Sent {
  headers: Record<string, string>;
  body: Buffer;
}

/** What the simulated acquirers tell, with their own fields. */
export interface Told {
  id: string;
  type: string;
  created: string;
  data: Record<string, unknown>;
}

/** Signs as Standard Webhooks 1.0.0 has it. Every part can be another than the honest one. */
export function sign(
  told: Told,
  { secret, at, id = told.id, body = JSON.stringify(told) }: { secret: string; at: Date; id?: string; body?: string },
): Sent {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = hmacSha256(key, `${id}.${timestamp}.${body}`).toString('base64');
  return {
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${signature}`,
    },
    body: Buffer.from(body),
  };
}

/** That an operation of ours was decided. */
export function decided(
  id: string,
  data: { key: string; kind: string; amount: number } & Record<string, unknown>,
): Told {
  return {
    id,
    type: 'operation.decided',
    created: '2026-11-21T12:00:00.000Z',
    data: { id: `ref_${id}`, status: 'approved', currency: 'EUR', ...data },
  };
}
