import type { Exchange, Outcome } from '../outcome.ts';
import { refused } from './errors.ts';
import type { Intent } from './objects.ts';
import { fromUnits } from './units.ts';

/** How an intent reads to one who asks about one of our operations on it. */
export type Reading = (intent: Intent, exchange: Exchange) => Outcome;

/** The reason that our cancels give, and our voids never do, so that one can be told from the other. */
export const ofOurCancel = 'abandoned';

/** What became of the authorisation. An intent that has been captured or cancelled since was authorised before. */
export const authorizationOf: Reading = (intent, exchange) => {
  switch (intent.status) {
    case 'requires_capture':
      return accepted(intent, { providerRef: intent.id, units: intent.amount_capturable }, exchange);
    case 'succeeded':
      return accepted(intent, { providerRef: intent.id, units: intent.amount }, exchange);
    case 'processing':
      return { kind: 'pending', providerRef: intent.id, exchange };
    case 'requires_action': {
      const url = intent.next_action?.redirect_to_url.url;
      const known = { providerRef: intent.id, exchange };
      return url ? { kind: 'challenged', url, ...known } : { kind: 'pending', ...known };
    }
    case 'requires_payment_method':
      return intent.last_payment_error ? refused(intent.last_payment_error, exchange) : unread(intent, exchange);
    case 'canceled':
      if (intent.last_payment_error) return refused(intent.last_payment_error, exchange);
      // A shopper's yes that came a moment before our cancel was released with it: nobody counts on that money.
      if (intent.latest_charge && intent.cancellation_reason !== ofOurCancel)
        return accepted(intent, { providerRef: intent.id, units: intent.amount }, exchange);
      return unanswered(exchange);
    default:
      return unread(intent, exchange);
  }
};

/** All that an intent of ours ever waits for before it is authorised is its shopper. */
function unanswered(exchange: Exchange): Outcome {
  const message = 'It was cancelled before the shopper had answered the bank.';
  return refused({ code: 'canceled', message }, exchange, 'authentication_required');
}

export const captureOf: Reading = (intent, exchange) => {
  switch (intent.status) {
    case 'succeeded': {
      const charge = intent.latest_charge;
      if (!charge) return unread(intent, exchange);
      const told = accepted(intent, { providerRef: charge.id, units: intent.amount_received }, exchange);
      const cost = charge.balance_transaction;
      // An account that settles in another currency tells its fee in that one.
      const fee = cost?.currency === intent.currency ? fromUnits(cost.fee, cost.currency)?.amount : undefined;
      return told.kind === 'accepted' && fee !== undefined ? { ...told, fee } : told;
    }
    case 'processing':
      return { kind: 'pending', exchange };
    case 'requires_capture':
      return { kind: 'absent', exchange };
    case 'canceled':
      return refused({ code: 'payment_intent_unexpected_state', message: 'It was cancelled.' }, exchange);
    default:
      return unread(intent, exchange);
  }
};

/** Whoever has cancelled it, and be it that its time was over: the money is released. */
export const voidOf: Reading = (intent, exchange) => {
  switch (intent.status) {
    case 'canceled':
      return accepted(intent, { providerRef: intent.id, units: intent.amount }, exchange);
    case 'succeeded':
      return refused({ code: 'payment_intent_unexpected_state', message: 'It was captured.' }, exchange);
    case 'requires_capture':
    case 'requires_action':
      return { kind: 'absent', exchange };
    default:
      return unread(intent, exchange);
  }
};

function accepted(
  { currency }: Intent,
  { providerRef, units }: { providerRef: string; units: number },
  exchange: Exchange,
): Outcome {
  const money = fromUnits(units, currency);
  if (!money) return { kind: 'unknown', why: `an amount of ${units} ${currency} is none of ours`, exchange };
  return { kind: 'accepted', providerRef, ...money, exchange };
}

function unread({ status }: Intent, exchange: Exchange): Outcome {
  return { kind: 'unknown', why: `an intent with the status ${status} does not tell`, exchange };
}
