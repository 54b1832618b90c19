import Stripe from 'stripe';
import type { z } from 'zod';
import type { ProviderAnswer } from '../contract.ts';
import { type DeclineCode, isTechnical } from '../decline-codes.ts';
import type { Exchange, Outcome } from '../outcome.ts';
import { knownCode } from './codes.ts';
import { errorForm, type failure } from './objects.ts';

type Failure = z.output<typeof failure>;

/**
 * What an error means for the money. Only two of Stripe's say "no": the card's own, and that the request cannot be
 * fulfilled. A key that was used with another request, a lock, a rate and any fault of theirs say nothing.
 *
 * @see https://docs.stripe.com/error-low-level
 */
export function outcomeOfError({ status, body }: ProviderAnswer, exchange: Exchange): Outcome | undefined {
  const told = errorForm.safeParse(body);
  if (!told.success) return undefined;
  const raw = told.data.error;
  const error = Stripe.errors.StripeError.generate({ ...raw, statusCode: status } as Stripe.StripeRawError);
  if (error instanceof Stripe.errors.StripeCardError && raw.type === 'card_error') return refused(raw, exchange);
  // A 404 may be another account's: then the thing is there, and we do not see it.
  if (error instanceof Stripe.errors.StripeInvalidRequestError && status === 400) {
    return refused(raw, exchange, 'processing_error');
  }
  return { kind: 'unknown', why: `status ${status} of the type ${raw.type}`, exchange };
}

/** A card's, an intent's or a refund's "no". A word that is not known yet is the plainest one, or `otherwise`. */
export function refused(told: Failure, exchange: Exchange, otherwise: DeclineCode = 'generic_decline'): Outcome {
  const word = told.decline_code ?? told.code ?? null;
  const code = knownCode(word ?? '') ?? knownCode(told.code ?? '') ?? otherwise;
  const message = told.message ?? 'The provider said no and gave no reason.';
  return { kind: 'refused', code, providerCode: word, message, retryable: isTechnical(code), exchange };
}
