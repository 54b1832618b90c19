import type { Caller } from '#server/auth/caller.ts';
import { cancel } from './cancel.ts';
import { capture } from './capture.ts';
import type { Room } from './room.ts';

/** How long before its end a hold is settled: an issuer may let go of it earlier than it said. */
const margin = 6 * 3600_000;

interface Hold {
  id: string;
  merchant_id: string;
  intent_id: string;
  hold_expiry: 'void' | 'capture' | null;
  review: string | null;
}

/**
 * Captures or voids, as the merchant chose, what is authorized and soon no longer held, so that no card is left held
 * without anybody meaning it. What is under review, or was rejected, is never captured by the clock.
 *
 * @returns  How many holds were due.
 */
export async function settleHolds(room: Room, limit: number): Promise<number> {
  const before = new Date(room.clock.now().getTime() + margin);
  const due = await room.sql<Hold[]>`
    SELECT p.id, p.merchant_id, p.intent_id, p.review, s.hold_expiry FROM payments p
    LEFT JOIN payment_settings s ON s.merchant_id = p.merchant_id
    WHERE p.held_until <= ${before}
      AND NOT EXISTS (SELECT 1 FROM operations o WHERE o.payment_id = p.id AND o.closed_at IS NULL)
    ORDER BY p.held_until LIMIT ${limit}`;
  const settled = await Promise.all(due.map((hold) => settle(room, hold)));
  return settled.filter(Boolean).length;
}

async function settle(room: Room, { id, merchant_id, intent_id, hold_expiry, review }: Hold): Promise<boolean> {
  const caller: Caller = { kind: 'workload', merchantId: merchant_id, name: 'worker' };
  try {
    if (hold_expiry === 'capture' && (review === null || review === 'approved')) {
      await capture(room, caller, { paymentId: id, reason: 'hold_expires' });
    } else await cancel(room, caller, { intentId: intent_id, reason: 'hold_expires' });
    return true;
  } catch (error) {
    // Something is unclosed, or somebody was quicker: the next run looks again, and the others' holds do not wait.
    room.log.warn({ payment: id, merchant: merchant_id, error }, 'a hold that expires could not be settled yet');
    return false;
  }
}
