import type { RawSql } from '#db/client.ts';
import { invariant } from '#server/kernel/invariant.ts';
import type { WebhookReason, WebhookStatus } from '../webhooks.ts';
import { sameSay } from './say-text.ts';

/** What came, ready to be stored. */
export interface Arrival {
  id: string;
  provider: string;
  at: Date;
  address: string;
  headers: Record<string, string>;
  body: Buffer;
  bodySize: number;
  bodyDigest: Buffer;
}

/** What its signature covers. */
export interface Signed {
  eventId: string;
  signedAt: Date;
}

/** A payment that a webhook is about. */
export interface Concern {
  paymentId: string | null;
  merchantId: string | null;
}

/** A webhook to be dealt with. */
export interface Waiting {
  id: string;
  provider: string;
  say: string;
}

export type Kept =
  /** To be dealt with by whoever stored it. */
  | ({ kind: 'fresh' } & Waiting)
  /** An honest repetition of what is stored, and dealt with or about to be. */
  | { kind: 'again'; status: Exclude<WebhookStatus, 'rejected'> }
  | ({ kind: 'untrue'; reason: 'replayed' | 'event_reused' } & Concern);

/** How long whoever has taken a webhook up is let alone with it, milliseconds; longer than the database's patience. */
export const lease = 60_000;

/**
 * Stores genuine news. Of parallel sends of one event a single one is `fresh`. An event that matched nothing is judged
 * anew when the provider sends it again: our own answer, which it depends on, may have come in between.
 */
export async function keepGenuine(
  tx: RawSql,
  arrival: Arrival,
  { eventId, signedAt, say }: Signed & { say: string | null },
): Promise<Kept> {
  const { provider } = arrival;
  const nonce = await tx`
    INSERT INTO provider_webhook_nonces (provider, event_id, signed_at) VALUES (${provider}, ${eventId}, ${signedAt})
    ON CONFLICT DO NOTHING RETURNING 1`;
  const added = nonce.length === 1 && (await addGenuine(tx, arrival, { eventId, signedAt, say }));
  if (added)
    return say === null ? { kind: 'again', status: 'ignored' } : { kind: 'fresh', id: arrival.id, provider, say };
  const [known] = await tx<KnownRow[]>`
    SELECT id, status, say, payment_id AS "paymentId", merchant_id AS "merchantId" FROM provider_webhooks
    WHERE provider = ${provider} AND event_id = ${eventId} AND genuine FOR UPDATE`;
  const { paymentId = null, merchantId = null } = known ?? {};
  // Its row may be gone: the nonce alone says that it came before.
  if (nonce.length === 0) return { kind: 'untrue', reason: 'replayed', paymentId, merchantId };
  invariant(known, 'an event that is taken has its row');
  if (!sameSay(known.say, say)) return { kind: 'untrue', reason: 'event_reused', paymentId, merchantId };
  return countSend(tx, arrival, known);
}

interface KnownRow extends Concern {
  id: string;
  status: WebhookStatus;
  say: string | null;
}

async function addGenuine(
  tx: RawSql,
  { id, provider, at, address, headers, body, bodySize, bodyDigest }: Arrival,
  { eventId, signedAt, say }: Signed & { say: string | null },
): Promise<boolean> {
  const [status, settledAt] = say === null ? (['ignored', at] as const) : (['received', null] as const);
  const added = await tx`
    INSERT INTO provider_webhooks (id, provider, received_at, address, headers, body, body_size, body_digest, genuine,
      event_id, signed_at, times, last_received_at, status, say, leased_until, tries, settled_at)
    VALUES (${id}, ${provider}, ${at}, ${address}, ${tx.json(headers)}, ${body}, ${bodySize}, ${bodyDigest}, true,
      ${eventId}, ${signedAt}, 1, ${at}, ${status}, ${say}, ${after(at, lease)}, 0, ${settledAt})
    ON CONFLICT (provider, event_id) WHERE genuine DO NOTHING RETURNING 1`;
  return added.length === 1;
}

async function countSend(tx: RawSql, { at, address, provider }: Arrival, { id, status, say }: KnownRow): Promise<Kept> {
  await tx`
    UPDATE provider_webhooks SET times = times + 1, last_received_at = ${at}, address = ${address} WHERE id = ${id}`;
  if (status !== 'rejected' || say === null)
    return { kind: 'again', status: status === 'rejected' ? 'ignored' : status };
  await tx`
    UPDATE provider_webhooks SET status = 'received', reason = NULL, settled_at = NULL, leased_until = ${after(at, lease)}
    WHERE id = ${id}`;
  return { kind: 'fresh', id, provider, say };
}

/**
 * Rows of rejected webhooks that are kept per provider, reason and minute: beyond that they are only counted. Each
 * reason for itself, so that what anybody can send takes no room from what carries a signature.
 */
const keptPerMinute = 1_000;

/** Counts a rejection and, while there are not too many, keeps it. It is never acted on. */
export async function keepRejected(
  tx: RawSql,
  { id, provider, at, address, headers, body, bodySize, bodyDigest }: Arrival,
  { reason, signed, concern }: { reason: WebhookReason; signed: Signed | undefined; concern: Concern | undefined },
): Promise<void> {
  await tx`
    WITH counted AS (
      INSERT INTO provider_webhook_rejections AS r (provider, minute, reason, times)
      VALUES (${provider}, ${minuteOf(at)}, ${reason}, 1)
      ON CONFLICT (provider, minute, reason) DO UPDATE SET times = r.times + 1 RETURNING times
    )
    INSERT INTO provider_webhooks (id, provider, received_at, address, headers, body, body_size, body_digest, genuine,
      event_id, signed_at, times, last_received_at, status, reason, payment_id, merchant_id, tries, settled_at)
    SELECT ${id}::uuid, ${provider}, ${at}::timestamptz, ${address}, ${tx.json(headers)}::jsonb, ${body}::bytea,
      ${bodySize}::int, ${bodyDigest}::bytea, false, ${signed?.eventId ?? null}, ${signed?.signedAt ?? null}::timestamptz,
      1, ${at}::timestamptz, 'rejected', ${reason}, ${concern?.paymentId ?? null}::uuid,
      ${concern?.merchantId ?? null}::uuid, 0, ${at}::timestamptz
    FROM counted WHERE counted.times <= ${keptPerMinute}`;
}

/** Takes up what nobody is at work on, the longest waiting first; of several workers each takes others. */
export async function takeWaiting(tx: RawSql, { now, limit }: { now: Date; limit: number }): Promise<Waiting[]> {
  return tx<Waiting[]>`
    UPDATE provider_webhooks SET tries = tries + 1,
      leased_until = ${now}::timestamptz + least(${lease}::float8 * power(2, tries), 900000) * interval '1 millisecond'
    WHERE id IN (
      SELECT id FROM provider_webhooks WHERE status = 'received' AND leased_until <= ${now}
      ORDER BY leased_until LIMIT ${limit} FOR UPDATE SKIP LOCKED)
    RETURNING id, provider, say`;
}

export type Verdict = Concern &
  ({ status: 'applied' | 'known'; reason: null } | { status: 'rejected'; reason: WebhookReason });

/** Writes down what became of it, once: whoever comes second changes nothing. */
export async function settleWaiting(
  tx: RawSql,
  { id, provider }: Waiting,
  { verdict, now }: { verdict: Verdict; now: Date },
): Promise<void> {
  const { status, reason, paymentId, merchantId } = verdict;
  const settled = await tx`
    UPDATE provider_webhooks SET status = ${status}, reason = ${reason}, payment_id = ${paymentId},
      merchant_id = ${merchantId}, settled_at = ${now}
    WHERE id = ${id} AND status = 'received' RETURNING 1`;
  if (settled.length === 0 || reason === null) return;
  await tx`
    INSERT INTO provider_webhook_rejections AS r (provider, minute, reason, times)
    VALUES (${provider}, ${minuteOf(now)}, ${reason}, 1)
    ON CONFLICT (provider, minute, reason) DO UPDATE SET times = r.times + 1`;
}

function minuteOf(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 60_000) * 60_000);
}

function after(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds);
}
