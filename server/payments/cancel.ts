import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { asking } from './ask.ts';
import type { Because, Change } from './core/change.ts';
import { decideCancel, decideVoid } from './core/decide.ts';
import { draft } from './core/draft.ts';
import { drive } from './core/drive.ts';
import type { Operation, Payment } from './core/payment.ts';
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
  const of = { merchantId: caller.merchantId, intentId: input.intentId };
  const begin = () => room.again(input.intentId, () => open(room, caller, input));
  const { payment, opened } = await asking(room, of, begin);
  await drive(room, payment, opened);
  const after = await room.load.intent(caller.merchantId, input.intentId);
  return intentView(after.intent, after.payment);
}

async function open(room: Room, caller: Caller, input: CancelInput): Promise<Opened> {
  requirePermission(caller, 'payments:void');
  const { intent, payment } = await room.load.intent(caller.merchantId, input.intentId);
  if (intent.canceledAt) throw new Refusal('intent_canceled', 'This payment is cancelled already.');
  invariant(payment, 'an intent is made with its first payment');
  const because = { cause: 'cancel', actor: actorOf(caller) };
  const change = holdsMoney(payment)
    ? release(room, payment, { input, because })
    : decideCancel(payment, input.reason ?? usual, because);
  const committed = await room.commit(change.claimed(input.claim, { kind: 'intent', id: intent.id }));
  return { payment: committed, opened: change.opened[0] };
}

interface Opened {
  payment: Payment;
  opened: Operation | undefined;
}

const usual = 'requested_by_customer';

function holdsMoney({ state }: Payment): boolean {
  return state === 'authorized' || state === 'capture_pending';
}

/** The card still holds the money: the provider must let it go, and the intent ends when it has. */
function release(room: Room, payment: Payment, { input, because }: { input: CancelInput; because: Because }): Change {
  if (input.onlyUnpaid)
    throw new Refusal('illegal_move', 'The card is authorized already: this payment is not unpaid.');
  invariant(payment.provider, 'an authorized payment has a provider');
  const wanted = { kind: 'void' as const, provider: payment.provider, amount: payment.authorized };
  return decideVoid(payment, draft(room, payment, { ...wanted, reason: input.reason ?? usual }), because);
}
