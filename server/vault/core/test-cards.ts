import { Refusal } from '#server/kernel/refusal.ts';

/** The only numbers that a test system takes: published ones, behind which there is no account. */
// biome-ignore format: one row per meaning
export const testNumbers = new Set([
  '4242424242424242', '4000056655665556',                                         // Visa, Visa debit
  '5555555555554444', '2223003122003222', '5200828282828210', '5105105105105100', // Mastercard, debit, prepaid
  '378282246310005', '371449635398431',                                           // American Express
  '6011111111111117', '6011000990139424',                                         // Discover
  '3056930009020004', '36227206271667', '3566002020360505', '6200000000000005',   // Diners (16, 14), JCB, UnionPay
  '4000000000000002', '4000000000009995', '4000000000009987', '4000000000009979', // generic, funds, lost, stolen
  '4000000000000069', '4000000000000127', '4000000000000119', '4000000000006975', // expired, code, processing, velocity
  '4000000000000341',                                                             // attaches, declined later
  '4100000000000019', '4000000000004954', '4000000000009235',                     // blocked, highest, elevated risk
  '4000000000000101', '4000000000000036', '4000000000000028', '4000000000000010', // code, zip, line, both checks fail
  '4000000000000044',                                                             // checks unavailable
  '4000000000000259', '4000000000002685', '4000000000001976', '4000000000005423', // disputes
  '4000000404000079', '4000000000007726', '4000000000005126', '4000000000000077', // several disputes, refunds, balance
  '4000002500003155', '4000002760003184', '4000003800000446', '4000008260003178', // 3-D Secure
  '4000000000003220', '4000000000003063', '4000008400001629', '4000008400001280',
  '4000000000003055', '4000000000003097',
]);

/** Names that stand for a test card where no form is filled in. Part of the public wire format: only added to. */
const namedCards: Record<string, string> = {
  pm_card_visa: '4242424242424242',
  pm_card_visa_debit: '4000056655665556',
  pm_card_mastercard: '5555555555554444',
  pm_card_mastercard_debit: '5200828282828210',
  pm_card_mastercard_prepaid: '5105105105105100',
  pm_card_amex: '378282246310005',
  pm_card_discover: '6011111111111117',
  pm_card_diners: '3056930009020004',
  pm_card_jcb: '3566002020360505',
  pm_card_unionpay: '6200000000000005',
  pm_card_visa_chargeDeclined: '4000000000000002',
  pm_card_chargeDeclined: '4000000000000002',
  pm_card_visa_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_chargeDeclinedInsufficientFunds: '4000000000009995',
  pm_card_visa_chargeDeclinedLostCard: '4000000000009987',
  pm_card_visa_chargeDeclinedStolenCard: '4000000000009979',
  pm_card_chargeDeclinedExpiredCard: '4000000000000069',
  pm_card_chargeDeclinedIncorrectCvc: '4000000000000127',
  pm_card_chargeDeclinedProcessingError: '4000000000000119',
  pm_card_visa_chargeDeclinedVelocityLimitExceeded: '4000000000006975',
  pm_card_chargeCustomerFail: '4000000000000341',
  pm_card_riskLevelHighest: '4000000000004954',
  pm_card_riskLevelElevated: '4000000000009235',
  pm_card_radarBlock: '4100000000000019',
  pm_card_threeDSecure2Required: '4000000000003220',
  pm_card_threeDSecureRequiredChargeDeclined: '4000008400001629',
  pm_card_authenticationRequired: '4000002760003184',
};

/** @throws Refusal `test_cards_only` for every number that may belong to a person. */
export function requireTestNumber(number: string): void {
  if (testNumbers.has(number)) return;
  throw new Refusal(
    'test_cards_only',
    'This is a test system and takes no real cards. Use a test card such as 4242 4242 4242 4242.',
    { param: 'number' },
  );
}

/** @throws Refusal `invalid_input` for a name that is not one of the published ones. */
export function testNumber(name: string): string {
  const number = Object.hasOwn(namedCards, name) ? namedCards[name] : undefined;
  if (!number) throw new Refusal('invalid_input', 'There is no test card of this name.', { param: 'payment_method' });
  return number;
}
