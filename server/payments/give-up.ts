import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { block } from './ask.ts';
import type { Room } from './room.ts';

/**
 * The shopper will not answer their bank. What waits for them is blocked, where its provider can; it ends as a no, or
 * as a yes where they had said yes before. Elsewhere it waits until the bank's own time is over.
 */
export async function giveUp(room: Room, caller: Caller, paymentId: string): Promise<void> {
  requirePermission(caller, 'payments:confirm');
  const { payment } = await room.load.payment(caller.merchantId, paymentId);
  const challenged = payment.operations.find(({ status }) => status === 'challenged');
  if (!challenged || !room.providers.capabilities(challenged.provider).cancelsChallenges) return;
  await block(room, payment, challenged, { cause: 'give_up', actor: actorOf(caller) });
}
