import type Stripe from 'stripe';
import { Refusal, type RefusalCode } from '#server/kernel/refusal.ts';

/** The four types on the wire. */
export type FailureType = 'api_error' | 'card_error' | 'idempotency_error' | 'invalid_request_error';

/** What stands under `error` in an answer. The official client knows an answer as an error by that name alone. */
export interface WireError {
  type: FailureType;
  message: string;
  code?: string;
  /** The parameter's own name, in bracket style: `line_items[0][quantity]`. */
  param?: string;
  decline_code?: string;
  charge?: string;
  payment_intent?: Stripe.PaymentIntent;
  payment_method_type?: string;
}

/** An answer other than success: thrown anywhere under /v1, and written by the server in the wire's envelope. */
export class Failure extends Error {
  override name = 'Failure';
  readonly status: number;
  readonly error: WireError;
  /** Overrides what the client would do by itself, which is to send 409 and 5xx again: `Stripe-Should-Retry`. */
  readonly retry: boolean | undefined;

  constructor(status: number, error: WireError, { retry, cause }: { retry?: boolean; cause?: unknown } = {}) {
    super(error.message, { cause });
    this.status = status;
    this.error = error;
    this.retry = retry;
  }
}

type Words = Omit<WireError, 'type' | 'message'>;

export function invalidRequest(status: number, message: string, words: Words = {}): Failure {
  return new Failure(status, { type: 'invalid_request_error', message, ...words });
}

/** To a stranger, a malformed id, an unknown one and another merchant's look the same. */
export function missing(noun: string, id: string, param: string): Failure {
  return invalidRequest(404, `No such ${noun}: '${id.slice(0, 60)}'`, { code: 'resource_missing', param });
}

/** The public code of each refusal; its message passes as it is, its status stands in the kernel's table. */
// biome-ignore format: a table
const wireWords: Record<RefusalCode, Words & { type?: FailureType; retry?: boolean }> = {
  unauthenticated:        {},
  forbidden:              {},
  second_person:          {},
  not_found:              { code: 'resource_missing', param: 'id' },
  invalid_input:          {},
  amount_invalid:         { code: 'parameter_invalid_integer', param: 'amount' },
  amount_too_small:       { code: 'amount_too_small', param: 'amount' },
  amount_too_large:       { code: 'amount_too_large', param: 'amount' },
  currency_unsupported:   { param: 'currency' },
  illegal_move:           { code: 'payment_intent_unexpected_state' },
  already_refunded:       { code: 'charge_already_refunded' },
  operation_unclosed:     { code: 'payment_intent_unexpected_state' },
  intent_canceled:        { code: 'payment_intent_unexpected_state' },
  live_payment_exists:    { code: 'payment_intent_unexpected_state' },
  review_open:            { code: 'payment_intent_unexpected_state' },
  session_expired:        {},
  session_complete:       {},
  cart_changed:           {},
  token_unusable:         { code: 'resource_missing', param: 'payment_method' },
  test_cards_only:        { code: 'testmode_charges_only', param: 'payment_method' },
  verification_code_gone: { code: 'invalid_cvc', param: 'payment_method' },
  idempotency_mismatch:   { type: 'idempotency_error' },
  idempotency_in_flight:  { type: 'idempotency_error', code: 'idempotency_key_in_use', retry: true },
  stale:                  { code: 'lock_timeout', retry: true },
  too_large:              {},
  throttled:              { code: 'rate_limit' },
  provider_unavailable:   { type: 'api_error' },
  unavailable:            { type: 'api_error' },
};

/** Fastify's own refusals, by its codes. */
const serverWords: Record<string, { status: number; message: string }> = {
  FST_ERR_CTP_BODY_TOO_LARGE: {
    status: 413,
    message: 'The request body is too large: at most 1 MB, and 256 kB for a webhook.',
  },
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    status: 415,
    message: 'Send the parameters as application/x-www-form-urlencoded or as application/json.',
  },
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: { status: 400, message: 'The body is not as long as its Content-Length says.' },
  FST_ERR_BAD_URL: { status: 400, message: 'The URL holds a % that is not followed by hexadecimal digits.' },
  FST_ERR_MAX_PARAM_LENGTH: { status: 414, message: 'The id in the URL is too long.' },
};

/** Everything that can be thrown, as the answer it becomes. What nobody expected says nothing of its inside. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Refusal) return ofRefusal(error);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const known = serverWords[code];
  if (known) return invalidRequest(known.status, known.message);
  return new Failure(500, { type: 'api_error', message: 'Something went wrong on our side.' }, { cause: error });
}

function ofRefusal(refusal: Refusal): Failure {
  const { type = 'invalid_request_error', retry, ...words } = wireWords[refusal.code];
  const param = refusal.param ?? words.param;
  const error = { type, message: refusal.message, ...words, ...(param ? { param } : {}) };
  return new Failure(refusal.status, error, retry === undefined ? {} : { retry });
}
