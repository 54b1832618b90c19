import { type Actor, actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { claimAlone } from '#server/idempotency/keys.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { decideCancel, decideVoid } from './core/decide.ts';
import { draft, drive } from './core/drive.ts';
import { type Journey, loadIntent } from './core/load.ts';
import type { Payment } from './core/payment.ts';
import type { CancelInput } from './payments.ts';
import type { Room } from './room.ts';
import { intentView } from './show.ts';
import type { IntentView } from './view.ts';

/**
 * Ends an intent that has taken no money: closes an unpaid one, or voids an authorisation.
 *
 * @throws Refusal `illegal_move` once money was taken (refund it), `operation_unclosed` while a provider's answer is open.
 */
export async function cancel(room: Room, caller: Caller, input: CancelInput): Promise<IntentView> {
  const { intent, payment } = await loadIntent(room.sql, caller.merchantId, input.intentId);
  requirePermission(caller, payment?.state === 'authorized' ? 'payments:void' : 'payments:capture');
  if (intent.canceledAt) throw new Refusal('intent_canceled', 'This payment is cancelled already.');
  const work = { intent, payment, input, actor: actorOf(caller) };
  if (payment?.state === 'authorized') await release(room, { ...work, payment });
  else if (payment && payment.state !== 'failed') await close(room, { ...work, payment });
  else await closeAlone(room, work);
  const after = await loadIntent(room.sql, caller.merchantId, input.intentId);
  return intentView(after.intent, after.payment);
}

interface Work extends Journey {
  input: CancelInput;
  actor: Actor;
}

const usual = 'requested_by_customer';

/** The card still holds the money: the provider must let it go, and the intent ends when it has. */
async function release(room: Room, { payment, input, actor }: Work & { payment: Payment }): Promise<void> {
  invariant(payment.provider, 'an authorized payment has a provider');
  const wanted = { kind: 'void' as const, provider: payment.provider, amount: payment.authorized };
  const operation = draft(room, payment, { ...wanted, reason: input.reason ?? usual });
  const change = decideVoid(payment, operation, { cause: 'cancel', actor });
  const committed = await room.commit(change.claimed(input.claim, { kind: 'intent', id: payment.intentId }));
  await drive(room, committed, operation);
}

async function close(room: Room, { payment, input, actor }: Work & { payment: Payment }): Promise<void> {
  const change = decideCancel(payment, input.reason ?? usual, { cause: 'cancel', actor });
  await room.commit(change.claimed(input.claim, { kind: 'intent', id: payment.intentId }));
}

/** No payment is live: only the intent is left to end. `attempts` refuses it where somebody opened another payment. */
async function closeAlone(room: Room, { intent, input }: Work): Promise<void> {
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
