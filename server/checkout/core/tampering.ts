import { Refusal } from '#server/kernel/refusal.ts';
import type { Seams } from './room.ts';
import { sealHolds } from './seal.ts';
import type { Session } from './session.ts';

/** @throws Refusal `cart_changed` unless the stored cart is, to the last field, the one that was sealed. */
export function checkSeal(room: Seams, session: Session): void {
  if (!sealHolds(room.sealKey, session)) refuseChanged(room, session);
}

/** Somebody wrote where nobody may write: told to the log as an error, to the shopper without the reason. */
export function refuseChanged(room: Seams, { id, merchantId, intentId }: Session): never {
  room.log.error({ session: id, merchant: merchantId, intent: intentId }, 'a sealed cart was changed');
  throw new Refusal(
    'cart_changed',
    'This order cannot be paid. You were not charged. Go back to the shop and start again.',
  );
}
