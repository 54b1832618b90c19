import type { Ask, Order } from '../contract.ts';
import { ofOurCancel } from './intent.ts';
import { ended } from './void.ts';

/**
 * Ends a challenge: its intent is cancelled, so that nobody confirms it any more. Where the shopper had said yes a
 * moment before, that releases what was authorised. A request that never arrived has no intent, and may still arrive.
 */
export function cancel(order: Order): Ask {
  return ended(order, { cancellation_reason: ofOurCancel });
}
