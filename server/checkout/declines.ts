/**
 * Which codes a shopper is told apart, by group: those that say what to do next. The issuer's other reasons are the
 * merchant's to read: whoever holds a stolen card would be warned by the word.
 */
// biome-ignore format: a table
const groupOfCode: Readonly<Record<string, DeclineGroup>> = {
  insufficient_funds: 'funds', card_velocity_exceeded: 'funds', withdrawal_count_or_amount_limit_exceeded: 'funds',
  incorrect_number: 'number', invalid_number: 'number', invalid_account: 'number',
  expired_card: 'expiry', invalid_expiry_month: 'expiry', invalid_expiry_year: 'expiry',
  incorrect_cvc: 'cvc', invalid_cvc: 'cvc',
  token_unusable: 'reenter', verification_code_gone: 'reenter',
  authentication_required: 'bank_check', authentication_failed: 'bank_check',
  issuer_not_available: 'bank_trouble', processing_error: 'bank_trouble', reenter_transaction: 'bank_trouble',
  try_again_later: 'bank_trouble', provider_unavailable: 'bank_trouble', abandoned: 'bank_trouble',
  voided: 'bank_trouble', expired: 'bank_trouble',
  card_not_supported: 'not_supported', currency_not_supported: 'not_supported', transaction_not_allowed: 'not_supported',
  not_permitted: 'not_supported', service_not_allowed: 'not_supported',
};

export interface Decline {
  group: DeclineGroup;
  /** What happened, and to the money first. */
  text: string;
  /** Which field of the card is at fault, if one is. */
  field: 'number' | 'expiry' | 'cvc' | null;
}

// biome-ignore format: a table
const copy = {
  funds:         { text: 'You were not charged. Your card has insufficient funds or reached a limit. Try another card.', field: null },
  number:        { text: 'You were not charged. Check the card number and try again.', field: 'number' },
  expiry:        { text: 'You were not charged. The card has expired, or the date is wrong. Check it or use another card.', field: 'expiry' },
  cvc:           { text: 'You were not charged. Check the security code and try again.', field: 'cvc' },
  reenter:       { text: 'You were not charged. Your card was kept for a few minutes only. Enter its security code again and pay.', field: 'cvc' },
  bank_check:    { text: 'You were not charged. Your bank could not confirm it is you. Try again or use another card.', field: null },
  bank_trouble:  { text: 'You were not charged. Something went wrong at the bank. Try again.', field: null },
  not_supported: { text: 'You were not charged. Your card does not support this purchase. Use another card.', field: null },
  declined:      { text: 'You were not charged. Your card was declined. Contact your bank or use another card.', field: null },
} as const satisfies Record<string, Omit<Decline, 'group'>>;

export type DeclineGroup = keyof typeof copy;

/** What to say for a provider's normalised code. What is not in the table, hidden codes first, is a plain decline. */
export function declineOf(code: string | null): Decline {
  const group = (code && Object.hasOwn(groupOfCode, code) && groupOfCode[code]) || 'declined';
  return { group, ...copy[group] };
}
