import { actorOf, type Caller } from '#server/auth/caller.ts';
import type { Claim } from '#server/idempotency/claim.ts';
import { claimAlone } from '#server/idempotency/keys.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { OrderSeams } from './order-room.ts';
import { stepOrder } from './order-step.ts';

/**
 * Has what is stuck tried again, because a person says so: the warehouse is asked by the key it knows, or a new refund
 * is asked for.
 *
 * @throws Refusal `illegal_move` where nothing is stuck.
 */
export async function retryOrder(
  room: OrderSeams,
  caller: Caller,
  { orderId, claim }: { orderId: string; claim?: Claim },
): Promise<void> {
  const at = room.clock.now();
  const retried = await room.transact('checkout.order-retry', async (tx) => {
    const of = tx`order_id = ${orderId} AND merchant_id = ${caller.merchantId} AND status = 'stuck'`;
    const [sending] = await tx<{ id: string }[]>`
      UPDATE fulfilments SET status = 'asked', tries = 0, next_at = ${at} WHERE ${of} RETURNING id`;
    const [paying] = await tx<{ id: string }[]>`
      UPDATE compensations SET status = 'due', tries = 0, next_at = ${at}, attempt = attempt + 1, refund_id = NULL
      WHERE ${of} RETURNING id`;
    const stuck = sending ?? paying;
    if (!stuck) return false;
    if (claim) await claimAlone(tx, claim, { kind: 'order', id: orderId }, at);
    const because = { cause: 'retry', actor: actorOf(caller), at };
    const from = sending ? 'fulfilling' : 'failed';
    return stepOrder(tx, { orderId }, { from, trigger: 'retried', fulfilmentId: stuck.id, ...because });
  });
  if (!retried) throw new Refusal('illegal_move', 'Nothing of this order waits for a person.');
}
