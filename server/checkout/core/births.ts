import type { RawSql } from '#db/client.ts';
import { actorOf, type Caller } from '#server/auth/caller.ts';
import type { Claim, ClaimRow } from '#server/idempotency/claim.ts';
import { claimKeys } from '#server/idempotency/keys.ts';
import { orderBirth } from './order-machine.ts';
import type { Session } from './session.ts';

/** A session, and the order that it is going to be. */
export interface Birth {
  session: Session;
  orderId: string;
  caller: Caller;
  claim?: Claim | undefined;
}

/**
 * Writes sessions with their carts, and their orders with the first event, in the statement that claims the idempotency
 * keys: a key that somebody else has breaks it, see `isOfTakenKey`.
 */
export async function insertSessions(tx: RawSql, births: readonly Birth[]): Promise<void> {
  const claims = births.flatMap(claimRow);
  const { trigger, to } = orderBirth;
  await tx`
    WITH births AS MATERIALIZED (
      SELECT * FROM json_to_recordset(${JSON.stringify(births.map(sessionRow))}::text::json) AS r (n int, id uuid,
        merchant_id uuid, secret_hash text, intent_id uuid, currency text, amount bigint, capture_method text,
        success_url text, cancel_url text, client_reference_id text, customer_email text, metadata jsonb, seal text,
        seal_key text, created_at timestamptz, expires_at timestamptz, status text, items json, order_id uuid,
        actor_kind text, actor_id text)),
    done AS (SELECT n FROM births),
    claimed AS (${claimKeys(tx, JSON.stringify(claims))}),
    opened AS (
      INSERT INTO checkout_sessions (id, merchant_id, secret_hash, intent_id, currency, amount, capture_method,
        success_url, cancel_url, client_reference_id, customer_email, metadata, seal, seal_key, created_at, expires_at,
        status)
      SELECT id, merchant_id, secret_hash, intent_id, currency, amount, capture_method, success_url, cancel_url,
        client_reference_id, customer_email, metadata, seal, seal_key, created_at, expires_at, status
      FROM births),
    filled AS (
      INSERT INTO checkout_line_items (session_id, position, id, merchant_id, name, description, unit_amount, quantity)
      SELECT b.id, i.position, i.id, b.merchant_id, i.name, i.description, i.unit_amount, i.quantity
      FROM births b CROSS JOIN LATERAL json_to_recordset(b.items) AS i (position int, id uuid, name text,
        description text, unit_amount bigint, quantity int)),
    ordered AS (
      INSERT INTO orders (id, merchant_id, session_id, state, version, created_at, updated_at)
      SELECT order_id, merchant_id, id, ${to}, 1, created_at, created_at FROM births)
    INSERT INTO order_events (order_id, seq, merchant_id, trigger, to_state, cause, actor_kind, actor_id, data, at)
    SELECT order_id, 1, merchant_id, ${trigger}, ${to}, 'session', actor_kind, actor_id, '{}', created_at FROM births`;
}

function sessionRow({ session, orderId, caller }: Birth, n: number) {
  const actor = actorOf(caller);
  return {
    n,
    id: session.id,
    merchant_id: session.merchantId,
    secret_hash: session.secretHash,
    intent_id: session.intentId,
    currency: session.currency,
    amount: String(session.amount),
    capture_method: session.captureMethod,
    success_url: session.successUrl,
    cancel_url: session.cancelUrl,
    client_reference_id: session.clientReferenceId,
    customer_email: session.customerEmail,
    metadata: session.metadata,
    seal: session.seal,
    seal_key: session.sealKey,
    created_at: session.createdAt,
    expires_at: session.expiresAt,
    status: session.status,
    items: session.items.map(itemRow),
    order_id: orderId,
    actor_kind: actor.kind,
    actor_id: actor.id,
  };
}

function itemRow({ id, name, description, unitAmount, quantity }: Session['items'][number], position: number) {
  return { position, id, name, description, unit_amount: String(unitAmount), quantity };
}

function claimRow({ session, claim }: Birth, n: number): ClaimRow[] {
  if (!claim) return [];
  return [
    {
      n,
      merchant_id: claim.merchantId,
      key: claim.key,
      fingerprint: claim.fingerprint.toString('hex'),
      subject_kind: 'session',
      subject_id: session.id,
      claimed_at: session.createdAt,
      request: claim.request ?? null,
    },
  ];
}
