import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { asking } from './ask.ts';
import { decideRefund } from './core/decide.ts';
import { draft } from './core/draft.ts';
import { drive } from './core/drive.ts';
import { refundable } from './core/payment.ts';
import type { RefundInput } from './payments.ts';
import type { Room } from './room.ts';
import { refundView } from './show.ts';
import type { RefundView } from './view.ts';

/** Gives back all or a part of what was captured. Several may run side by side; each reserves its amount first. */
export async function refund(room: Room, caller: Caller, input: RefundInput): Promise<RefundView> {
  requirePermission(caller, 'payments:refund');
  const of = { merchantId: caller.merchantId, paymentId: input.paymentId };
  const begin = () => room.again(input.paymentId, () => open(room, caller, input));
  const { payment, operation } = await asking(room, of, begin);
  return refundView(await drive(room, payment, operation), operation.id);
}

async function open(room: Room, caller: Caller, input: RefundInput) {
  const { payment } = await room.load.payment(caller.merchantId, input.paymentId);
  // Asked before the order is drafted: it names the capture that it gives back.
  if (!payment.provider || payment.captured === 0n) {
    throw new Refusal('illegal_move', `A payment that is ${payment.state} cannot be refunded.`);
  }
  const amount = input.amount ?? refundable(payment);
  const words = { reason: input.reason ?? null, note: input.note ?? null };
  const operation = draft(room, payment, { kind: 'refund', provider: payment.provider, amount, ...words });
  const change = decideRefund(payment, operation, { cause: 'refund', actor: actorOf(caller) });
  return { payment: await room.commit(change.claimed(input.claim, { kind: 'refund', id: operation.id })), operation };
}
