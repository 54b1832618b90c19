/** Why an issuer declines, in the words of the public wire format: every provider's own codes become one of these. */
// biome-ignore format: a list
export const declineCodes = [
  'authentication_required', 'approve_with_id', 'call_issuer', 'card_not_supported', 'card_velocity_exceeded',
  'currency_not_supported', 'do_not_honor', 'do_not_try_again', 'duplicate_transaction', 'expired_card', 'fraudulent',
  'generic_decline', 'incorrect_address', 'incorrect_cvc', 'incorrect_number', 'incorrect_pin', 'incorrect_zip',
  'insufficient_funds', 'invalid_account', 'invalid_amount', 'invalid_cvc', 'invalid_expiry_month',
  'invalid_expiry_year', 'invalid_number', 'invalid_pin', 'issuer_not_available', 'lost_card', 'merchant_blacklist',
  'new_account_information_available', 'no_action_taken', 'not_permitted', 'offline_pin_required',
  'online_or_offline_pin_required', 'pickup_card', 'pin_try_exceeded', 'processing_error', 'reenter_transaction',
  'restricted_card', 'revocation_of_all_authorizations', 'revocation_of_authorization', 'security_violation',
  'service_not_allowed', 'stolen_card', 'stop_payment_order', 'testmode_decline', 'transaction_not_allowed',
  'try_again_later', 'withdrawal_count_or_amount_limit_exceeded',
] as const;

export type DeclineCode = (typeof declineCodes)[number];

/** Not the issuer's word about this card but trouble on the way to it: another provider may have none. */
const technical: readonly string[] = [
  'processing_error',
  'issuer_not_available',
  'reenter_transaction',
  'try_again_later',
];

export function isTechnical(code: DeclineCode): boolean {
  return technical.includes(code);
}
