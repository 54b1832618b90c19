import { actorOf, type Caller } from '#server/auth/caller.ts';
import { requirePermission } from '#server/auth/permissions.ts';
import { asking } from './ask.ts';
import { decideReview } from './core/decide-review.ts';
import { drive } from './core/drive.ts';
import type { ReviewInput } from './payments.ts';
import { tellable } from './record.ts';
import type { Room } from './room.ts';
import { paymentView } from './show.ts';
import type { PaymentView } from './view.ts';

/** A person's word on a payment that risk did not want to decide: yes lets it go on, no lets the card go. */
export async function review(room: Room, caller: Caller, input: ReviewInput): Promise<PaymentView> {
  requirePermission(caller, 'payments:review');
  const of = { merchantId: caller.merchantId, paymentId: input.paymentId };
  const { payment, opened } = await asking(room, of, () =>
    room.again(input.paymentId, () => open(room, caller, input)),
  );
  return paymentView(await drive(room, payment, opened));
}

async function open(room: Room, caller: Caller, input: ReviewInput) {
  const { payment: held } = await room.load.payment(caller.merchantId, input.paymentId);
  const because = { cause: 'review', actor: actorOf(caller) };
  const told = { ...tellable(room, held.provider ?? ''), because };
  const change = decideReview(held, { verdict: input.verdict, note: input.note ?? null }, told);
  const committed = await room.commit(change.claimed(input.claim, { kind: 'payment', id: held.id }));
  return { payment: committed, opened: change.opened[0] };
}
