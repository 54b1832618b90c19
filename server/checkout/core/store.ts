import { and, asc, eq, gt, lte, or } from 'drizzle-orm';
import type { Database, RawSql } from '#db/client.ts';
import { checkoutLineItems, checkoutSessions } from '#db/schema/checkout.ts';
import type { Session } from './session.ts';

/** Writes a session and its cart, in the transaction that claims the idempotency key. */
export async function insertSession(tx: RawSql, session: Session): Promise<void> {
  const { id, merchantId } = session;
  await tx`INSERT INTO checkout_sessions ${tx({
    id,
    merchant_id: merchantId,
    secret_hash: session.secretHash,
    intent_id: session.intentId,
    currency: session.currency,
    amount: session.amount,
    capture_method: session.captureMethod,
    success_url: session.successUrl,
    cancel_url: session.cancelUrl,
    client_reference_id: session.clientReferenceId,
    customer_email: session.customerEmail,
    metadata: tx.json(session.metadata),
    seal: session.seal,
    seal_key: session.sealKey,
    created_at: session.createdAt,
    expires_at: session.expiresAt,
    status: session.status,
  })}`;
  const lines = session.items.map((item, position) => ({
    session_id: id,
    position,
    id: item.id,
    merchant_id: merchantId,
    name: item.name,
    description: item.description,
    unit_amount: item.unitAmount,
    quantity: item.quantity,
  }));
  await tx`INSERT INTO checkout_line_items ${tx(lines)}`;
}

/** The session with its cart, or undefined. A merchant reads its own: `merchantId` is left out by `bySecret` alone. */
export async function findSession(
  db: Database,
  { sessionId, merchantId }: { sessionId: string; merchantId?: string },
): Promise<Session | undefined> {
  const [row] = await db
    .select()
    .from(checkoutSessions)
    .where(
      and(eq(checkoutSessions.id, sessionId), merchantId ? eq(checkoutSessions.merchantId, merchantId) : undefined),
    )
    .limit(1);
  if (!row) return undefined;
  const items = await db
    .select(itemColumns)
    .from(checkoutLineItems)
    .where(eq(checkoutLineItems.sessionId, sessionId))
    .orderBy(asc(checkoutLineItems.position))
    .limit(100);
  return { ...row, items };
}

export interface Due {
  sessionId: string;
  merchantId: string;
  expiresAt: Date;
}

/** Sessions still open though their time is over, longest over first; `after` is the last of the page before. */
export function dueSessions(
  db: Database,
  { now, after, limit }: { now: Date; after: Due | undefined; limit: number },
): Promise<Due[]> {
  const { id: sessionId, merchantId, expiresAt } = checkoutSessions;
  const further =
    after && or(gt(expiresAt, after.expiresAt), and(eq(expiresAt, after.expiresAt), gt(sessionId, after.sessionId)));
  return db
    .select({ sessionId, merchantId, expiresAt })
    .from(checkoutSessions)
    .where(and(isOpen, lte(expiresAt, now), further))
    .orderBy(asc(expiresAt), asc(sessionId))
    .limit(limit);
}

/**
 * Notes that somebody is about to pay. Says false, and notes nothing, where the session is closed or over: the same
 * row decides who came first, the shopper's press or the merchant's `expire`.
 */
export async function markAttempt(
  tx: RawSql,
  { id, merchantId }: Session,
  { now, email }: { now: Date; email: string | null },
): Promise<boolean> {
  const marked = await tx`
    UPDATE checkout_sessions SET attempted_at = coalesce(attempted_at, ${now}), shopper_email = ${email}
    WHERE id = ${id} AND merchant_id = ${merchantId} AND status = 'open' AND expires_at > ${now}
    RETURNING id`;
  return marked.length > 0;
}

export interface Closing {
  status: 'complete' | 'expired';
  at: Date;
  /** Only where nobody has tried to pay. */
  onlyUntried?: boolean;
}

/** Closes an open session. Says whether it was this call that closed it. */
export async function closeSession(tx: RawSql, { id, merchantId }: Session, closing: Closing): Promise<boolean> {
  const { status, at, onlyUntried = false } = closing;
  const closed = await tx`
    UPDATE checkout_sessions SET status = ${status}, closed_at = ${at}
    WHERE id = ${id} AND merchant_id = ${merchantId} AND status = 'open' AND (attempted_at IS NULL OR NOT ${onlyUntried})
    RETURNING id`;
  return closed.length > 0;
}

/** Its payment is made: the session is complete, if nobody has looked at it and closed it before. */
export async function completeSession(tx: RawSql, sessionId: string, at: Date): Promise<void> {
  await tx`
    UPDATE checkout_sessions SET status = 'complete', closed_at = ${at} WHERE id = ${sessionId} AND status = 'open'`;
}

const isOpen = eq(checkoutSessions.status, 'open');

const itemColumns = {
  id: checkoutLineItems.id,
  name: checkoutLineItems.name,
  description: checkoutLineItems.description,
  unitAmount: checkoutLineItems.unitAmount,
  quantity: checkoutLineItems.quantity,
};
