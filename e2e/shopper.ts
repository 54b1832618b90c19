import { expect, type FrameLocator, type Page } from '@playwright/test';
import { ready } from './stack.ts';

export interface TypedCard {
  number: string;
  expiry: string;
  cvc: string;
}

export const visa: TypedCard = { number: '4242424242424242', expiry: '1230', cvc: '123' };
export const declined: TypedCard = { ...visa, number: '4000000000000002' };
/** Its bank wants to see the shopper first. */
export const challenged: TypedCard = { ...visa, number: '4000002500003155' };

/** Puts the shop's standing choice, one mug, into a checkout. */
export async function toCheckout(page: Page): Promise<void> {
  await page.goto(ready().urls.shop);
  await page.getByRole('button', { name: 'Check out' }).click();
  await page.waitForURL(/\/checkout\/cs_test_/);
}

/** The vault's document inside the checkout. */
export function cardFrame(page: Page): FrameLocator {
  return page.frameLocator(`iframe[src^="${ready().urls.vault}"]`);
}

/** The bank's document inside the checkout. */
export function bankFrame(page: Page): FrameLocator {
  return page.frameLocator('iframe[title="Your bank’s page"]');
}

/** Types as a person does, key by key, so that formatting has its say. */
export async function typeCard(page: Page, { number, expiry, cvc }: TypedCard): Promise<void> {
  const frame = cardFrame(page);
  for (const [label, value] of [
    ['Card number', number],
    ['Expiry', expiry],
    ['Security code', cvc],
  ] as const) {
    const field = frame.getByLabel(label);
    await field.fill('');
    await field.pressSequentially(value);
  }
}

export async function pay(page: Page, card: TypedCard): Promise<void> {
  await typeCard(page, card);
  await page.getByRole('button', { name: /^Pay / }).click();
}

/** From the shop to "Payment complete". */
export async function buy(page: Page, { email, card = visa }: { email: string; card?: TypedCard }): Promise<void> {
  await toCheckout(page);
  await page.getByLabel('E-mail').fill(email);
  await pay(page, card);
  await expect(page.getByRole('heading', { name: 'Payment complete' })).toBeVisible();
}
