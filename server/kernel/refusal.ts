/** Codes a caller can meet, with their HTTP status. Public contract: added to, never renamed or reused. */
export const refusals = {
  unauthenticated: 401,
  forbidden: 403,
  second_person: 403,
  not_found: 404,
  invalid_input: 400,
  amount_invalid: 400,
  amount_too_small: 400,
  amount_too_large: 400,
  currency_unsupported: 400,
  illegal_move: 400,
  already_refunded: 400,
  operation_unclosed: 400,
  intent_canceled: 400,
  live_payment_exists: 400,
  review_open: 400,
  session_expired: 400,
  session_complete: 400,
  cart_changed: 400,
  token_unusable: 400,
  test_cards_only: 400,
  verification_code_gone: 400,
  idempotency_mismatch: 400,
  idempotency_in_flight: 409,
  stale: 409,
  too_large: 413,
  throttled: 429,
  provider_unavailable: 503,
  unavailable: 503,
} as const;

export type RefusalCode = keyof typeof refusals;

/**
 * An expected "no": thrown where the rule stands, mapped to a status at the door.
 * The message says what to do, in words that may be shown; it never repeats a secret.
 */
export class Refusal extends Error {
  readonly code: RefusalCode;
  /** The input's own name, in bracket style where nested: `line_items[0][price]`. */
  readonly param: string | undefined;

  constructor(code: RefusalCode, message: string, { param }: { param?: string } = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.param = param;
  }

  get status(): number {
    return refusals[this.code];
  }
}
