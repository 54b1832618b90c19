import type { Fault } from './card.ts';

export interface Words {
  legend: string;
  number: string;
  expiry: string;
  cvc: string;
  /** Where the code is found: 3 digits on the back, 4 on the front. */
  cvcWhere: Record<3 | 4, string>;
  faults: Record<Fault, string>;
  /** The permission to take a card has run out. */
  tooLate: string;
  unreachable: string;
}

const en: Words = {
  legend: 'Card details',
  number: 'Card number',
  expiry: 'Expiry date, month and year',
  cvc: 'Security code',
  cvcWhere: { 3: '3 digits on the back of the card', 4: '4 digits on the front of the card' },
  faults: {
    number_missing: 'Enter your card number.',
    number_incomplete: 'Your card number is incomplete.',
    number_invalid: 'Your card number is not right. Check the digits.',
    number_unsupported: 'This kind of card is not accepted. Use another card.',
    expiry_missing: 'Enter the expiry date.',
    expiry_incomplete: 'Your expiry date is incomplete.',
    expiry_month: 'The month is a number from 01 to 12.',
    expiry_past: 'Your card has expired. Use another card.',
    expiry_far: 'Check the year on your card.',
    cvc_missing: 'Enter the security code.',
    cvc_incomplete: 'Your security code is incomplete.',
  },
  tooLate: 'You were not charged. This form was open for too long. Reload the page and try again.',
  unreachable: 'You were not charged. We could not reach the payment service. Check your connection and try again.',
};

const languages: Record<string, Words> = { en };

/** Words in the language of a BCP 47 tag such as `en-GB`; English where we have none. */
export function wordsFor(locale: string): Words {
  const language = locale.toLowerCase().split('-')[0] ?? '';
  return (Object.hasOwn(languages, language) && languages[language]) || en;
}
