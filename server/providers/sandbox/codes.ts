import type { DeclineCode } from '../decline-codes.ts';

/** The words of both simulated acquirers, and of the rules that they share. */
// biome-ignore format: their word, ours
const codes: Record<string, DeclineCode> = {
  // alder
  do_not_honour: 'generic_decline',
  insufficient_funds: 'insufficient_funds',
  card_reported_lost: 'lost_card',
  card_reported_stolen: 'stolen_card',
  card_expired: 'expired_card',
  security_code_mismatch: 'incorrect_cvc',
  security_code_malformed: 'invalid_cvc',
  card_number_invalid: 'incorrect_number',
  expiry_month_invalid: 'invalid_expiry_month',
  expiry_year_invalid: 'invalid_expiry_year',
  issuer_error: 'processing_error',
  velocity_limit_reached: 'card_velocity_exceeded',
  suspected_fraud: 'fraudulent',
  not_a_test_card: 'testmode_decline',
  cardholder_not_authenticated: 'authentication_required',
  challenge_cancelled: 'authentication_required',
  challenge_timed_out: 'authentication_required',
  // birch
  N05: 'generic_decline', N51: 'insufficient_funds', N41: 'lost_card', N43: 'stolen_card', N54: 'expired_card',
  N82: 'incorrect_cvc', N82L: 'invalid_cvc', N14: 'incorrect_number', N30M: 'invalid_expiry_month',
  N30Y: 'invalid_expiry_year', N96: 'processing_error', N65: 'card_velocity_exceeded', N59: 'fraudulent',
  N58: 'testmode_decline', N1A: 'authentication_required', N1AC: 'authentication_required',
  N1AT: 'authentication_required',
  // both
  amount_too_large: 'invalid_amount',
  authorization_captured: 'transaction_not_allowed',
  authorization_voided: 'transaction_not_allowed',
  operation_voided: 'transaction_not_allowed',
  operation_done: 'transaction_not_allowed',
};

/** Every word that is known. */
export const words: readonly string[] = Object.keys(codes);

/** A word that is not known yet is still a "no": the plainest one. */
export function declineCode(word: string): DeclineCode {
  return (Object.hasOwn(codes, word) && codes[word]) || 'generic_decline';
}
