import { expect, type Page, test } from '@playwright/test';
import { pull } from './books.ts';
import { effects } from './merchant.ts';
import { bankFrame, challenged, pay, toCheckout, visa } from './shopper.ts';
import { ready, stripeOrigins } from './stack.ts';

const complete = (page: Page) => page.getByRole('heading', { name: 'Payment complete' });
const bankDialog = (page: Page) => page.getByRole('dialog', { name: 'Confirm with your bank' });
const answer = (page: Page, name: string) => bankFrame(page).getByRole('button', { name }).click();

async function policyOf(url: string): Promise<string | null> {
  return (await fetch(url)).headers.get('content-security-policy');
}

/** From the shop to the bank's page in the checkout. */
async function toBank(page: Page, card = challenged): Promise<void> {
  await toCheckout(page);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await pay(page, card);
  await expect(bankDialog(page)).toBeVisible();
}

test('a checkout frames the vault, the banks it was told of and its own return page, which nobody else frames', async ({
  page,
}) => {
  await toCheckout(page);
  const { vault } = ready().urls;
  const banks = ready().sandboxes.map(({ url }) => url);
  const policy = await policyOf(page.url());
  const framed = /frame-src ([^;]*);/.exec(policy ?? '')?.[1]?.split(' ');
  expect(framed).toEqual([vault, ...banks, ...stripeOrigins(), "'self'"]);
  expect(policy).toContain("frame-ancestors 'none'");
  const back = await policyOf(`${page.url().slice(0, -32)}/return`);
  expect(back).toContain("frame-src 'none';");
  expect(back).toContain("frame-ancestors 'self'");
});

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

test('who leaves their bank’s page is not charged, finds it again, goes on in a whole window, or uses another card', async ({
  page: closed,
  context,
}) => {
  await toBank(closed);
  const address = closed.url();
  await closed.close();
  const page = await context.newPage();
  await page.goto(address);
  await expect(bankDialog(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByText('You have not been charged.')).toBeVisible();
  await page.getByRole('link', { name: 'Open it in this window instead' }).click();
  await page.waitForURL(/\/challenges\//);
  await page.goBack();
  await bankDialog(page).getByRole('link', { name: 'Open in this window instead' }).click();
  await page.getByRole('button', { name: 'Cancel' }).click();
  const note = page.getByRole('alert').filter({ hasText: 'You were not charged' });
  await expect(note).toBeVisible();
  await expect(page).toHaveURL(address);

  await page.getByLabel('E-mail').fill('ada@example.com');
  await pay(page, challenged);
  await bankDialog(page).getByRole('button', { name: 'Cancel' }).click();
  await expect(note).toBeVisible();
  await expect(page.getByRole('button', { name: /^Pay / })).toBeEnabled();
  expect(await effects(page)).toEqual([]);
});

test('who gives no answer in their bank’s time is not charged, and the page says so by itself', async ({ page }) => {
  const card = { ...challenged, number: '4000000000003220' };
  await pull({ fault: 'challenge_lifetime', last4: '3220', milliseconds: 4_000 });
  await toBank(page, card);
  const note = page.getByRole('alert').filter({ hasText: 'You were not charged' });
  await expect(note).toBeVisible({ timeout: 30_000 });
  await expect(bankDialog(page)).toHaveCount(0);
  expect(await effects(page)).toEqual([]);
});
