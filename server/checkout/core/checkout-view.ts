import type { CheckoutView } from '../view.ts';
import type { Current } from './close.ts';
import type { Seams } from './room.ts';
import { lineItems } from './session-view.ts';
import { standingOf } from './standing.ts';

/** What the checkout page shows of a session. */
export async function checkoutView(room: Seams, { session, progress }: Current): Promise<CheckoutView> {
  return {
    merchantName: await room.merchantName(session.merchantId),
    amount: session.amount,
    currency: session.currency,
    lineItems: lineItems(session),
    cancelUrl: session.cancelUrl,
    email: session.shopperEmail ?? session.customerEmail,
    expiresAt: session.expiresAt,
    testMode: room.mode === 'test',
    standing: standingOf(room, session, progress),
  };
}
