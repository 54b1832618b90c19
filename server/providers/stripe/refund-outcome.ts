import type { Exchange, Outcome } from '../outcome.ts';
import { refused } from './errors.ts';
import type { Refund } from './objects.ts';
import { fromUnits } from './units.ts';

/** What became of a refund. One that was accepted can still come back: then its bank did not take it. */
export function refundOutcome({ id, status, ...refund }: Refund, exchange: Exchange): Outcome {
  const money = fromUnits(refund.amount, refund.currency);
  if (!money) return { kind: 'unknown', why: `a refund in ${refund.currency} is none of ours`, exchange };
  switch (status) {
    case 'succeeded':
      return { kind: 'accepted', providerRef: id, ...money, exchange };
    case 'pending':
    case 'requires_action':
      return { kind: 'pending', providerRef: id, exchange };
    case 'failed':
    case 'canceled': {
      const code = refund.failure_reason ?? status;
      return refused({ code, message: `The refund was ${status === 'failed' ? 'not taken' : 'cancelled'}.` }, exchange);
    }
    default:
      return { kind: 'unknown', why: `a refund with the status ${status} does not tell`, exchange };
  }
}
