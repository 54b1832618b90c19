import type { Failure } from './ledger.ts';

/** Stripe's test cards that are declined: number, code, decline code. @see https://docs.stripe.com/testing */
// biome-ignore format: a table
const declined: Record<string, [code: string, declineCode: string, message: string]> = {
  '4000000000000002': ['card_declined', 'generic_decline', 'Your card was declined.'],
  '4000008400001629': ['card_declined', 'generic_decline', 'Your card was declined.'],
  '4000000000009995': ['card_declined', 'insufficient_funds', 'Your card has insufficient funds.'],
  '4000000000009987': ['card_declined', 'lost_card', 'Your card was declined.'],
  '4000000000009979': ['card_declined', 'stolen_card', 'Your card was declined.'],
  '4000000000000069': ['expired_card', 'expired_card', 'Your card has expired.'],
  '4000000000000127': ['incorrect_cvc', 'incorrect_cvc', 'Your card\'s security code is incorrect.'],
  '4000000000000119': ['processing_error', 'processing_error', 'An error occurred while processing your card. Try again in a little bit.'],
  '4100000000000019': ['card_declined', 'fraudulent', 'Your card was declined.'],
};

const challenged = ['4000000000003220', '4000002760003184', '4000002500003155', '4000008400001629'];

export function declineOf(number: string): Failure | undefined {
  const [code, decline_code, message] = declined[number] ?? [];
  if (code === undefined || decline_code === undefined || message === undefined) return undefined;
  return { type: 'card_error', code, decline_code, message };
}

/** Whether the card's bank asks the shopper first. */
export const isChallenged = (number: string) => challenged.includes(number);
