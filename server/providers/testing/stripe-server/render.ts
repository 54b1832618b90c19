import type { Intent, Refund } from './ledger.ts';

/** As the API shows it: other objects by their ids, unless they are asked for in full. */
export function shown(object: Intent | Refund, expand: readonly string[] = []): object {
  if (object.object === 'refund') return object;
  const { latest_charge: charge } = object;
  if (!charge || !expand.includes('latest_charge.balance_transaction')) {
    return { ...object, latest_charge: charge?.id ?? null };
  }
  const { refunded, ...rest } = charge;
  return { ...object, latest_charge: { ...rest, amount_refunded: refunded } };
}
