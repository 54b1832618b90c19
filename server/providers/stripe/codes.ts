import { type DeclineCode, declineCodes } from '../decline-codes.ts';

/** Their words for which the list of decline codes, made after the same wire format, has another. */
const others: Record<string, DeclineCode> = {
  card_declined: 'generic_decline',
  authentication_not_handled: 'authentication_required',
  mobile_device_authentication_required: 'authentication_required',
  payment_intent_authentication_failure: 'authentication_required',
  highest_risk_level: 'fraudulent',
  elevated_risk_level: 'fraudulent',
  live_mode_test_card: 'testmode_decline',
  test_mode_live_card: 'testmode_decline',
  amount_too_large: 'invalid_amount',
  amount_too_small: 'invalid_amount',
  invalid_charge_amount: 'invalid_amount',
  payment_method_currency_mismatch: 'currency_not_supported',
  // What was asked does not fit the state that the intent or the charge is in.
  charge_already_captured: 'transaction_not_allowed',
  charge_already_refunded: 'transaction_not_allowed',
  charge_disputed: 'transaction_not_allowed',
  charge_exceeds_source_limit: 'card_velocity_exceeded',
  charge_exceeds_transaction_limit: 'withdrawal_count_or_amount_limit_exceeded',
  charge_expired_for_capture: 'transaction_not_allowed',
  payment_intent_unexpected_state: 'transaction_not_allowed',
  refund_disputed_payment: 'transaction_not_allowed',
  // Why a refund came back.
  lost_or_stolen_card: 'pickup_card',
  expired_or_canceled_card: 'expired_card',
  declined: 'generic_decline',
};

/** Every word that is known. */
export const words: readonly string[] = [...declineCodes, ...Object.keys(others)];

/** Our word for theirs, or undefined where it is not known. */
export function knownCode(word: string): DeclineCode | undefined {
  return declineCodes.find((code) => code === word) ?? (Object.hasOwn(others, word) ? others[word] : undefined);
}
