import { request } from 'node:http';
import { systemRandom } from '#server/kernel/secret.ts';
import { decided, type Sent, sign } from '#server/webhooks/testing/sender.ts';
import type { WebhookReason } from '#server/webhooks/webhooks.ts';

/** A webhook that must change nothing, and how it is to be turned away. */
export interface Attack {
  name: string;
  reason: WebhookReason;
  status: number;
  provider?: string;
  /** Where it comes from: another address of this machine. */
  from?: string;
  sent: Sent;
}

/** What attackers know or hold: an operation that waits for its answer, one that is closed, and genuine messages. */
export interface Target {
  secret: string;
  /** Of the other provider. */
  foreignSecret: string;
  /** `amount` in minor units. */
  waiting: { key: string; kind: string; amount: number };
  captureRef: string;
  /** Genuine, and taken before. */
  taken: { id: string; sent: Sent };
}

const fresh = () => `evt_${systemRandom(12).toString('hex')}`;
const minute = 60_000;
/** Each of these is signed for another second, or it would be a copy of the one before. */
let reused = 0;

/** One of each kind. What is signed by the provider's own secret is what a thief of it, or its own bug, could send. */
export function attacksOn(target: Target): Attack[] {
  return [...forged(target), ...outOfTime(target), ...repeated(target), ...untrue(target)];
}

type Made = [reason: WebhookReason, status: number, sent: Sent, more?: Partial<Attack>];

function named(attacks: Record<string, Made>): Attack[] {
  return Object.entries(attacks).map(([name, [reason, status, sent, more]]) => ({
    name,
    reason,
    status,
    sent,
    ...more,
  }));
}

function honest(
  { secret, waiting }: Target,
  { id = fresh(), skew = 0, ...data }: Record<string, unknown> & { id?: string; skew?: number } = {},
): Sent {
  return sign(decided(id, { ...waiting, ...data }), { secret, at: new Date(Date.now() + skew) });
}

function forged(target: Target): Attack[] {
  const { headers, body } = honest(target);
  const other = (secret: string) => sign(decided(fresh(), target.waiting), { secret, at: new Date() });
  const anew = Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 2));
  const without = (name: string) => Object.fromEntries(Object.entries(headers).filter(([one]) => one !== name));
  const signature = (text: string) => ({ headers: { ...headers, 'webhook-signature': text }, body });
  return named({
    'not signed': ['signature_missing', 401, { headers: without('webhook-signature'), body }],
    'without a time': ['signature_missing', 401, { headers: without('webhook-timestamp'), body }],
    'signed with a made-up secret': ['signature_wrong', 401, other(`whsec_${systemRandom(32).toString('base64')}`)],
    "signed with another provider's secret": ['signature_wrong', 401, other(target.foreignSecret)],
    'signed by nobody': ['signature_wrong', 401, signature('v1,')],
    'signed with rubbish': ['signature_wrong', 401, signature(`v1,${'A'.repeat(43)}= v2,x v1,%%%`)],
    truncated: ['signature_wrong', 401, { headers, body: body.subarray(0, -20) }],
    empty: ['signature_wrong', 401, { headers, body: Buffer.alloc(0) }],
    're-serialised': ['signature_wrong', 401, { headers, body: anew }],
    'under another id': ['signature_wrong', 401, { headers: { ...headers, 'webhook-id': fresh() }, body }],
    'from elsewhere': ['address_refused', 403, honest(target), { from: '127.0.0.2' }],
  });
}

function outOfTime(target: Target): Attack[] {
  const { headers, body } = honest(target, { skew: -6 * minute });
  const now = { ...headers, 'webhook-timestamp': String(Math.floor(Date.now() / 1000)) };
  return named({
    stale: ['too_old', 401, { headers, body }],
    'stale with a fresh time': ['signature_wrong', 401, { headers: now, body }],
    'from the future': ['in_future', 401, honest(target, { skew: 6 * minute })],
  });
}

function repeated(target: Target): Attack[] {
  const { taken } = target;
  return named({
    'a copy': ['replayed', 409, taken.sent],
    'a known event with other content': [
      'event_reused',
      409,
      honest(target, { id: taken.id, skew: 5_000 * (1 + (reused++ % 50)) }),
    ],
  });
}

function untrue(target: Target): Attack[] {
  const { secret, foreignSecret, waiting, captureRef } = target;
  const signed = (body: string) => sign(decided(fresh(), waiting), { secret, at: new Date(), body });
  const of = (type: string, data: Record<string, unknown>) => {
    const told = {
      id: fresh(),
      type,
      created: new Date().toISOString(),
      data: { id: fresh(), currency: 'EUR', ...data },
    };
    return sign(told, { secret, at: new Date() });
  };
  const unknown = `${crypto.randomUUID()}-1`;
  const byBirch = sign(decided(fresh(), waiting), { secret: foreignSecret, at: new Date() });
  return named({
    'another amount': ['amount_differs', 422, honest(target, { amount: waiting.amount + 1 })],
    'a hundredth of it': ['amount_differs', 422, honest(target, { amount: Math.floor(waiting.amount / 100) })],
    'another currency': ['currency_differs', 422, honest(target, { currency: 'JPY' })],
    'another kind': ['kind_differs', 422, honest(target, { kind: 'refund' })],
    "another provider's operation": ['provider_differs', 422, byBirch, { provider: 'birch' }],
    "an operation of somebody else's": ['unmatched', 422, honest(target, { key: unknown })],
    'a key that is none': ['unmatched', 422, honest(target, { key: 'every_operation' })],
    'a refund of an unknown capture': [
      'unmatched',
      422,
      of('refund.made_in_console', { capture_id: 'cap_x', amount: 1 }),
    ],
    'a chargeback in another currency': [
      'currency_differs',
      422,
      of('chargeback.opened', { capture_id: captureRef, amount: 1, currency: 'USD' }),
    ],
    'no JSON': ['malformed', 400, signed('amount=1250')],
    'JSON of another form': ['malformed', 400, signed('{"id":"evt_1","__proto__":{"status":"approved"}}')],
  });
}

/** Sends it as its sender would; returns the status of the answer. */
export function deliver(url: string, { provider = 'alder', from, sent }: Pick<Attack, 'provider' | 'from' | 'sent'>) {
  return new Promise<number>((resolve, reject) => {
    const call = request(`${url}/webhooks/${provider}`, {
      method: 'POST',
      headers: { ...sent.headers, 'content-length': sent.body.length },
      ...(from ? { localAddress: from } : {}),
    });
    call.on('response', (answer) => answer.resume().on('end', () => resolve(answer.statusCode ?? 0)));
    call.on('error', reject);
    call.end(sent.body);
  });
}
