import type { IntentView } from '#server/payments/view.ts';
import type { VaultClient } from '#server/vault-client/vault-client.ts';

/** What the payment intents ask the vault. */
export type Cards = Pick<VaultClient, 'describe' | 'testToken'>;

/** The one payment that a token may be used for. */
export type Purpose = Pick<IntentView, 'merchantId' | 'amount' | 'currency'> & { intentId: string };

/** `pm_card_visa` and the like, published names of test cards. */
export function isTestName(text: string): boolean {
  return /^pm_card_[a-zA-Z_]{1,60}$/.test(text);
}

/** A token of the test card of this name. @throws Refusal `invalid_input` where there is no such card. */
export function testCard(vault: Cards, name: string, { amount, ...purpose }: Purpose): Promise<string> {
  return vault.testToken(name, { ...purpose, maxAmount: amount });
}

/**
 * The token to confirm with, or undefined where no method was sent.
 *
 * @throws Refusal `token_unusable`, `invalid_input`, before anything is made for the token's sake.
 */
export async function takeCard(
  vault: Cards,
  method: string | undefined,
  { livemode, ...purpose }: Purpose & { livemode: boolean },
): Promise<string | undefined> {
  if (!method) return undefined;
  if (!livemode && isTestName(method)) return testCard(vault, method, purpose);
  await vault.describe(method, purpose);
  return method;
}
