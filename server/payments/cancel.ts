import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { claimAlone } from '#server/idempotency/keys.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { again } from './core/again.ts';
import type { Because, Change } from './core/change.ts';
import { decideCancel, decideVoid } from './core/decide.ts';
import { draft, drive } from './core/drive.ts';
import { loadIntent } from './core/load.ts';
import type { Intent, Operation, Payment } from './core/payment.ts';
import type { CancelInput } from './payments.ts';
import type { Room } from './room.ts';
import { intentView } from './show.ts';
import type { IntentView } from './view.ts';

/**
 * Ends an intent that has taken no money: closes an unpaid one, or voids an authorisation.
 *
 * @throws Refusal `illegal_move` once money was taken (refund it), `operation_unclosed` while a provider's answer is
 * open.
 */
export async function cancel(room: Room, caller: Caller, input: CancelInput): Promise<IntentView> {
  const { payment, opened } = await again(() => open(room, caller, input));
  if (payment) await drive(room, payment, opened);
  const after = await loadIntent(room.sql, caller.merchantId, input.intentId);
  return intentView(after.intent, after.payment);
}

async function open(
  room: Room,
  caller: Caller,
  input: CancelInput,
): Promise<{ payment?: Payment; opened?: Operation }> {
  const { intent, payment } = await loadIntent(room.sql, caller.merchantId, input.intentId);
  requirePermission(caller, payment?.state === 'authorized' ? 'payments:void' : 'payments:capture');
  if (intent.canceledAt) throw new Refusal('intent_canceled', 'This payment is cancelled already.');
  if (!payment || payment.state === 'failed') {
    await closeAlone(room, intent, input);
    return {};
  }
  const because = { cause: 'cancel', actor: actorOf(caller) };
  const change =
    payment.state === 'authorized'
      ? release(room, payment, { input, because })
      : decideCancel(payment, input.reason ?? usual, because);
  const committed = await room.commit(change.claimed(input.claim, { kind: 'intent', id: intent.id }));
  return { payment: committed, opened: change.opened[0] };
}

const usual = 'requested_by_customer';

/** The card still holds the money: the provider must let it go, and the intent ends when it has. */
function release(room: Room, payment: Payment, { input, because }: { input: CancelInput; because: Because }): Change {
  invariant(payment.provider, 'an authorized payment has a provider');
  const wanted = { kind: 'void' as const, provider: payment.provider, amount: payment.authorized };
  return decideVoid(payment, draft(room, payment, { ...wanted, reason: input.reason ?? usual }), because);
}

/** No payment is live: only the intent is left to end. `attempts` refuses it where somebody opened another payment. */
async function closeAlone(room: Room, intent: Intent, input: CancelInput): Promise<void> {
  const at = room.clock.now();
  await room.transact('cancel', async (tx) => {
    const rows = await tx`
      UPDATE intents SET canceled_at = ${at}, cancellation_reason = ${input.reason ?? usual}
      WHERE id = ${intent.id} AND merchant_id = ${intent.merchantId} AND attempts = ${intent.attempts} AND canceled_at IS NULL
      RETURNING id`;
    if (rows.length === 0) throw new Refusal('stale', 'The payment has changed in the meantime. Look at it again.');
    if (input.claim) await claimAlone(tx, input.claim, { kind: 'intent', id: intent.id }, at);
  });
}
