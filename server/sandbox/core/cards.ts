import type { DeclineReason } from './behaviour.ts';

/** What a card does here. A card without a rule of its own is approved. */
export interface Rule {
  decline?: DeclineReason;
  /** The decline stands only when a verification code was sent. */
  onlyWithCvc?: true;
  /** The cardholder is to be asked first (3-D Secure). */
  challenge?: true;
  /** What its bank says to a refund, where that is no. */
  refund?: DeclineReason;
}

/** Rules by name: the name is what the books keep in place of the card number. */
export const rules = {
  approve: {},
  decline: { decline: 'generic_decline' },
  insufficient_funds: { decline: 'insufficient_funds' },
  lost: { decline: 'lost_card' },
  stolen: { decline: 'stolen_card' },
  expired: { decline: 'expired_card' },
  wrong_cvc: { decline: 'incorrect_cvc', onlyWithCvc: true },
  processing_error: { decline: 'processing_error' },
  velocity: { decline: 'card_velocity_exceeded' },
  fraud: { decline: 'fraudulent' },
  unpublished: { decline: 'testmode_decline' },
  refuses_refunds: { refund: 'generic_decline' },
  challenge: { challenge: true },
  challenge_then_decline: { challenge: true, decline: 'generic_decline' },
  challenge_then_insufficient_funds: { challenge: true, decline: 'insufficient_funds' },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;

/** The published test numbers. Any other number is declined as `unpublished`: this acquirer knows no real card. */
// biome-ignore format: one row per meaning
const published = {
  approve: [
    '4242424242424242', '4000056655665556',                                             // Visa, Visa debit
    '5555555555554444', '2223003122003222', '5200828282828210', '5105105105105100',     // Mastercard
    '378282246310005', '371449635398431',                                               // American Express
    '6011111111111117', '6011000990139424', '3056930009020004', '36227206271667',       // Discover, Diners
    '3566002020360505', '6200000000000005',                                             // JCB, UnionPay
    '4000000000004954', '4000000000009235',                                             // risk is the merchant's side
    '4000000000000101', '4000000000000036', '4000000000000028', '4000000000000010', '4000000000000044', // failed checks
    '4000000000000259', '4000000000002685', '4000000000001976', '4000000000005423', '4000000404000079', // disputed later
    '4000000000000077',
    '4000000000003055', '4000000000003097', '4000003800000446',                         // frictionless
  ],
  decline: ['4000000000000002', '4000000000000341'],
  insufficient_funds: ['4000000000009995'],
  lost: ['4000000000009987'],
  stolen: ['4000000000009979'],
  expired: ['4000000000000069'],
  wrong_cvc: ['4000000000000127'],
  processing_error: ['4000000000000119', '4000008400001280'], // the second: 3-D Secure is down
  velocity: ['4000000000006975'],
  fraud: ['4100000000000019'],
  unpublished: [],
  refuses_refunds: ['4000000000007726', '4000000000005126'],
  challenge: ['4000002500003155', '4000002760003184', '4000000000003220', '4000000000003063'],
  challenge_then_decline: ['4000008400001629'],
  challenge_then_insufficient_funds: ['4000008260003178'],
} satisfies Record<RuleName, string[]>;

const ruleByNumber = new Map(
  Object.entries(published).flatMap(([rule, numbers]) => numbers.map((number) => [number, rule as RuleName])),
);

export function ruleOf(number: string): RuleName {
  return ruleByNumber.get(number) ?? 'unpublished';
}

/** Every published number with its rule. */
export function publishedCards(): [number: string, rule: RuleName][] {
  return [...ruleByNumber];
}

/** The check digit of ISO/IEC 7812-1, annex B. */
export function passesLuhn(number: string): boolean {
  let sum = 0;
  for (let place = 0; place < number.length; place++) {
    const digit = Number(number.at(-1 - place));
    const doubled = place % 2 === 0 ? digit : digit * 2;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
