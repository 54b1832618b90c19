import type { CheckoutView } from '../view.ts';
import type { Current } from './close.ts';
import type { Seams } from './room.ts';
import { lineItems } from './session-view.ts';
import { standingOf } from './standing.ts';
import { checkSeal } from './tampering.ts';

/** What the checkout page shows of a session. @throws Refusal `cart_changed`: nobody is shown a cart that cannot be paid. */
export async function checkoutView(room: Seams, { session, progress }: Current): Promise<CheckoutView> {
  const standing = standingOf(session, progress, { now: room.clock.now(), mode: room.mode });
  if (standing.kind === 'open') checkSeal(room, session);
  return {
    merchantName: await room.merchantName(session.merchantId),
    amount: session.amount,
    currency: session.currency,
    lineItems: lineItems(session),
    cancelUrl: session.cancelUrl,
    email: session.shopperEmail ?? session.customerEmail,
    expiresAt: session.expiresAt,
    testMode: room.mode === 'test',
    standing,
  };
}
