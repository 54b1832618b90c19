import { z } from 'zod';
import { hmacSha256, type Secret, sameSecret } from '#server/kernel/secret.ts';
import type { RawWebhook, ReadWebhook, Say, WebhookFault } from '../contract.ts';
import { currency, decision, outcomeOf, ref, shownOf } from './decision.ts';

/** How far the signer's clock may be from ours, in milliseconds, both ways. */
const tolerance = 5 * 60_000;

const kinds = { authorization: 'authorize', capture: 'capture', void: 'void', refund: 'refund' } as const;

const ofCapture = z.strictObject({ id: ref, capture_id: ref, amount: z.int().positive(), currency });
const head = { id: ref, created: z.iso.datetime() };
const body = z.discriminatedUnion('type', [
  z.strictObject({
    ...head,
    type: z.literal('operation.decided'),
    data: z.strictObject({ ...decision.shape, kind: z.enum(['authorization', 'capture', 'void', 'refund']), key: ref }),
  }),
  z.strictObject({ ...head, type: z.literal('refund.made_in_console'), data: ofCapture }),
  z.strictObject({ ...head, type: z.literal('chargeback.opened'), data: ofCapture }),
  z.strictObject({ ...head, type: z.literal('ping'), data: z.strictObject({}) }),
]);

/**
 * Verifies and reads a webhook of the simulated acquirers.
 *
 * @param secrets  As Standard Webhooks writes them: `whsec_` and base64. Two while one replaces the other.
 * @see            Standard Webhooks 1.0.0
 */
export function readWebhook(
  webhook: RawWebhook,
  { secrets, now }: { secrets: readonly Secret<string>[]; now: Date },
): ReadWebhook {
  const id = webhook.headers['webhook-id'];
  const timestamp = webhook.headers['webhook-timestamp'];
  const signature = webhook.headers['webhook-signature'];
  if (!id || !timestamp || !signature) return rejected('signature_missing');
  // All of it is signed, the time too: no question is asked of what nobody vouches for.
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), webhook.body]);
  if (!isSigned(signed, signature, secrets)) return rejected('signature_wrong');
  if (!/^\d{1,11}$/.test(timestamp)) return rejected('malformed');
  const signedAt = new Date(Number(timestamp) * 1000);
  const age = now.getTime() - signedAt.getTime();
  if (age > tolerance) return rejected('too_old');
  if (age < -tolerance) return rejected('in_future');
  const read = body.safeParse(parse(webhook.body));
  if (!read.success || read.data.id !== id) return rejected('malformed');
  return { kind: 'verified', eventId: id, signedAt, say: sayOf(read.data) };
}

/** Every secret is tried against every signature: how long it takes tells nothing of which one was near. */
function isSigned(signed: Buffer, header: string, secrets: readonly Secret<string>[]): boolean {
  const given = header
    .split(' ')
    .slice(0, 5)
    .filter((one) => one.startsWith('v1,'))
    .map((one) => Buffer.from(one.slice(3), 'base64'));
  const results = secrets.flatMap((secret) => {
    const key = Buffer.from(secret.reveal().replace(/^whsec_/, ''), 'base64');
    // HMAC takes an empty key, which everybody knows.
    const expected = key.length >= 16 ? hmacSha256(key, signed) : undefined;
    return given.map((one) => expected !== undefined && sameSecret(one, expected));
  });
  return results.includes(true);
}

function sayOf(event: z.infer<typeof body>): Say | undefined {
  if (event.type === 'ping') return undefined;
  const exchange = { milliseconds: 0, ...shownOf(event.data) };
  if (event.type === 'operation.decided') {
    const { data } = event;
    return { about: 'operation', key: data.key, kind: kinds[data.kind], outcome: outcomeOf(data, exchange) };
  }
  const { id, capture_id: captureRef, amount, currency } = event.data;
  const what = { captureRef, amount: BigInt(amount), currency, exchange };
  if (event.type === 'chargeback.opened') return { about: 'chargeback', chargebackRef: id, ...what };
  return { about: 'foreign_refund', refundRef: id, ...what };
}

function rejected(fault: WebhookFault): ReadWebhook {
  return { kind: 'rejected', fault };
}

/** @returns undefined for what is no JSON in UTF-8. */
function parse(raw: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw));
  } catch {
    return undefined;
  }
}
