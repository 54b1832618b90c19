import { expect, type Page, test } from '@playwright/test';
import { effects } from './merchant.ts';
import { bankFrame, challenged, pay, toCheckout, visa } from './shopper.ts';

const complete = (page: Page) => page.getByRole('heading', { name: 'Payment complete' });
const bankDialog = (page: Page) => page.getByRole('dialog', { name: 'Confirm with your bank' });
const answer = (page: Page, name: string) => bankFrame(page).getByRole('button', { name }).click();

/** From the shop to the bank's page in the checkout. */
async function toBank(page: Page): Promise<void> {
  await toCheckout(page);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await pay(page, challenged);
  await expect(bankDialog(page)).toBeVisible();
}

test('who says yes to their bank has paid once, a reload in between or not', async ({ page }) => {
  await toBank(page);
  await expect(page.getByRole('heading', { name: 'Confirm with your bank' })).toBeFocused();
  expect(await effects(page)).toEqual([]);
  await page.reload();
  await answer(page, 'Approve');
  await expect(complete(page)).toBeFocused();
  await page.goBack();
  await page.goForward();
  await expect(page.getByRole('heading', { name: /Payment complete|Already paid/ })).toBeVisible();
  expect(await effects(page)).toEqual(['authorization', 'capture']);
});

test('who says no to their bank is not charged, and pays with another card', async ({ page }) => {
  await toBank(page);
  await answer(page, 'Decline');
  const note = page.getByRole('alert').filter({ hasText: 'You were not charged' });
  await expect(note).toContainText('Your bank could not confirm it is you');
  await expect(page.getByLabel('E-mail')).toHaveValue('ada@example.com');
  expect(await effects(page)).toEqual([]);
  await pay(page, visa);
  await expect(complete(page)).toBeVisible();
  expect(await effects(page)).toEqual(['authorization', 'capture']);
});

test('who leaves their bank’s page is not charged, finds the checkout as it was, and may go on in a whole window', async ({
  page,
  context,
}) => {
  await toBank(page);
  const address = page.url();
  await page.close();
  const again = await context.newPage();
  await again.goto(address);
  await bankDialog(again).getByRole('button', { name: 'Cancel' }).click();
  await expect(again.getByText('You have not been charged.')).toBeVisible();
  await again.getByRole('link', { name: 'Open it in this window instead' }).click();
  await again.waitForURL(/\/challenges\//);
  await again.goBack();
  await expect(bankDialog(again)).toBeVisible();
  await bankDialog(again).getByRole('link', { name: 'Open in this window instead' }).click();
  await again.getByRole('button', { name: 'Cancel' }).click();
  await expect(again.getByRole('alert').filter({ hasText: 'You were not charged' })).toBeVisible();
  await expect(again).toHaveURL(address);
  expect(await effects(again)).toEqual([]);
});
