import type { WebhookReason } from './webhooks.ts';

/**
 * How each rejection is answered. Part of the contract with providers, who send again what they hear no 2xx for: 401
 * is not believed, 409 was said before, 422 does not match what we know.
 */
// biome-ignore format: a table
export const statusOf = {
  address_refused:   403,
  signature_missing: 401,
  signature_wrong:   401,
  too_old:           401,
  in_future:         401,
  malformed:         400,
  replayed:          409,
  event_reused:      409,
  unmatched:         422,
  provider_differs:  422,
  kind_differs:      422,
  amount_differs:    422,
  currency_differs:  422,
} as const satisfies Record<WebhookReason, number>;
