import { and, asc, eq, gt, lte, or } from 'drizzle-orm';
import type { Database, RawSql } from '#db/client.ts';
import { checkoutSessions } from '#db/schema/checkout.ts';
import type { Session } from './session.ts';

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

const isOpen = eq(checkoutSessions.status, 'open');
