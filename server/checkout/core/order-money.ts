import type { RawSql } from '#db/client.ts';
import type { Caller } from '#server/auth/caller.ts';
import { timeline } from '#server/payments/timeline.ts';
import { type OrderSeams, saga } from './order-room.ts';

/**
 * Where what was paid for an order is now.
 *
 * - `taken`: the merchant has it, or some of it.
 * - `refunding`: all of it is given back or on its way, and not every answer is in: it may yet stay.
 * - `returned`: all that was captured is given back, whoever gave it.
 */
export type Money = 'taken' | 'refunding' | 'returned';

interface Of {
  merchantId: string;
  paymentId: string;
}

export async function moneyOf({ payments }: OrderSeams, { merchantId, paymentId }: Of): Promise<Money> {
  const { state, captured, refunded, refundReserved } = await payments.payment(asSaga(merchantId), paymentId);
  if (state === 'refunded') return 'returned';
  return captured === refunded + refundReserved ? 'refunding' : 'taken';
}

/**
 * Whether the payment's log says that all of it is given back. Asked while the fulfilment's row is held, it stays true
 * until the transaction ends: the consumer holds that row too before it says that a refund was taken back.
 */
export async function isReturned(tx: RawSql, { merchantId, paymentId }: Of): Promise<boolean> {
  const entries = await timeline(tx, asSaga(merchantId), paymentId);
  return entries.at(-1)?.to === 'refunded';
}

export function asSaga(merchantId: string): Caller {
  return { kind: 'workload', merchantId, name: saga };
}
