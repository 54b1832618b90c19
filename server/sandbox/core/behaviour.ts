import type { Reader } from '#server/kernel/env.ts';

/** Why an authorisation or refund is declined, before each acquirer puts it into its own words. */
export const declineMessages = {
  generic_decline: 'The issuer declined without a reason.',
  insufficient_funds: 'The account does not hold enough.',
  lost_card: 'The card is reported lost.',
  stolen_card: 'The card is reported stolen.',
  expired_card: 'The card has expired.',
  incorrect_cvc: 'The verification code is wrong.',
  invalid_cvc: 'The verification code has the wrong length.',
  incorrect_number: 'The card number fails its check digit.',
  invalid_expiry_month: 'The expiry month is not a month.',
  invalid_expiry_year: 'The expiry year is out of range.',
  processing_error: 'The issuer could not process the request.',
  card_velocity_exceeded: 'The card was used too often.',
  fraudulent: 'The payment is suspected of fraud.',
  testmode_decline: 'Only the published test cards work here.',
  authentication_failed: 'The cardholder said that this is not their payment.',
  authentication_cancelled: 'The cardholder left without an answer.',
  authentication_timed_out: 'The cardholder did not answer in time.',
} as const;

export type DeclineReason = keyof typeof declineMessages;

/** How one acquirer differs from another. */
export interface Behaviour {
  /** Added to every request, in milliseconds. */
  latency: number;
  /** How long an operation stays invisible to an inquiry, in milliseconds. */
  inquiryLag: number;
  /** Whether a key can be blocked, also for a request that arrives later. */
  tombstone: boolean;
  /** Its own words on the wire. */
  codes: Record<DeclineReason, string>;
}

export const behaviours = {
  alder: {
    latency: 0,
    inquiryLag: 0,
    tombstone: true,
    codes: {
      generic_decline: 'do_not_honour',
      insufficient_funds: 'insufficient_funds',
      lost_card: 'card_reported_lost',
      stolen_card: 'card_reported_stolen',
      expired_card: 'card_expired',
      incorrect_cvc: 'security_code_mismatch',
      invalid_cvc: 'security_code_malformed',
      incorrect_number: 'card_number_invalid',
      invalid_expiry_month: 'expiry_month_invalid',
      invalid_expiry_year: 'expiry_year_invalid',
      processing_error: 'issuer_error',
      card_velocity_exceeded: 'velocity_limit_reached',
      fraudulent: 'suspected_fraud',
      testmode_decline: 'not_a_test_card',
      authentication_failed: 'cardholder_not_authenticated',
      authentication_cancelled: 'challenge_cancelled',
      authentication_timed_out: 'challenge_timed_out',
    },
  },
  // Codes after the response codes of ISO 8583, field 39, with an N in front.
  birch: {
    latency: 15,
    inquiryLag: 500,
    tombstone: false,
    codes: {
      generic_decline: 'N05',
      insufficient_funds: 'N51',
      lost_card: 'N41',
      stolen_card: 'N43',
      expired_card: 'N54',
      incorrect_cvc: 'N82',
      invalid_cvc: 'N82L',
      incorrect_number: 'N14',
      invalid_expiry_month: 'N30M',
      invalid_expiry_year: 'N30Y',
      processing_error: 'N96',
      card_velocity_exceeded: 'N65',
      fraudulent: 'N59',
      testmode_decline: 'N58',
      authentication_failed: 'N1A',
      authentication_cancelled: 'N1AC',
      authentication_timed_out: 'N1AT',
    },
  },
} satisfies Record<string, Behaviour>;

export type AcquirerName = keyof typeof behaviours;

/** For the environment: the name of an acquirer. */
export const readName: Reader<AcquirerName> = (text) => {
  const names = Object.keys(behaviours) as AcquirerName[];
  const name = names.find((one) => one === text);
  if (!name) throw new Error(`it must be ${names.join(' or ')}`);
  return name;
};
