import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { asking } from './ask.ts';
import { decideCapture } from './core/decide.ts';
import { draft } from './core/draft.ts';
import { drive } from './core/drive.ts';
import type { CaptureInput } from './payments.ts';
import type { Room } from './room.ts';
import { paymentView } from './show.ts';
import type { PaymentView } from './view.ts';

/** Captures an authorisation, once: all of it, or a part that releases the rest. */
export async function capture(room: Room, caller: Caller, input: CaptureInput): Promise<PaymentView> {
  requirePermission(caller, 'payments:capture');
  const of = { merchantId: caller.merchantId, paymentId: input.paymentId };
  const begin = () => room.again(input.paymentId, () => open(room, caller, input));
  const { payment, operation } = await asking(room, of, begin);
  return paymentView(await drive(room, payment, operation));
}

async function open(room: Room, caller: Caller, input: CaptureInput) {
  const { payment } = await room.load.payment(caller.merchantId, input.paymentId);
  if (payment.state !== 'authorized') {
    throw new Refusal('illegal_move', `A payment that is ${payment.state} cannot be captured.`);
  }
  invariant(payment.provider, 'an authorized payment has a provider');
  const wanted = { kind: 'capture' as const, provider: payment.provider, amount: input.amount ?? payment.authorized };
  const operation = draft(room, payment, { ...wanted, reason: input.reason ?? null });
  const change = decideCapture(payment, operation, { cause: 'capture', actor: actorOf(caller) });
  return { payment: await room.commit(change.claimed(input.claim, { kind: 'payment', id: payment.id })), operation };
}
