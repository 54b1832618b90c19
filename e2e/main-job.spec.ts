import { expect, test } from '@playwright/test';
import { books } from './books.ts';
import { buy, declined, pay, toCheckout, visa } from './shopper.ts';
import { openPaymentOf, signIn, timeline } from './staff.ts';

test('a shopper pays, staff read every state in order and refund a part, and the books of the acquirer agree', async ({
  page,
}) => {
  const email = `main-${Date.now()}@example.com`;
  await buy(page, { email });
  await expect(page.getByText('€12.50').first()).toBeVisible();
  await page.getByRole('link', { name: 'Return to Harbour Goods' }).click();
  await page.waitForURL(/\/shop\/thanks/);
  await expect(page.getByRole('heading')).toContainText(/thank/i);

  await signIn(page);
  await openPaymentOf(page, email);
  expect(await timeline(page)).toEqual([
    'create',
    'collect',
    'tokenize',
    'approve',
    'operation_opened',
    'authorize',
    'begin_capture',
    'capture',
  ]);

  await page.getByRole('button', { name: 'Refund' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount in EUR').fill('5.01');
  await expect(dialog).toContainText('Refund €5.01 of €12.50 to Visa ending 4242');
  await expect(dialog).toContainText('€7.49 can still be refunded');
  await dialog.getByRole('button', { name: 'Refund €5.01' }).click();
  await expect(page.locator('li[data-trigger="partial_refund"][data-new]')).toBeVisible();

  const reference = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  const effects = (await books(reference)).map(({ kind, amount, currency, last4 }) => ({
    kind,
    amount,
    currency,
    last4,
  }));
  expect(effects).toMatchObject([
    { kind: 'authorization', amount: 1250, currency: 'EUR', last4: '4242' },
    { kind: 'capture', amount: 1250, currency: 'EUR' },
    { kind: 'refund', amount: 501, currency: 'EUR' },
  ]);
});

test('a declined card is told so, and another card pays the same checkout', async ({ page }) => {
  await toCheckout(page);
  const url = page.url();
  await page.getByLabel('E-mail').fill(`again-${Date.now()}@example.com`);
  await pay(page, declined);
  await expect(page.getByRole('alert').filter({ hasText: 'declined' })).toContainText(
    'Contact your bank or use another card',
  );
  expect(page.url()).toBe(url);
  await pay(page, visa);
  await expect(page.getByRole('heading', { name: 'Payment complete' })).toBeVisible();
  await page.reload();
  await expect(page.getByRole('heading', { name: 'Already paid' })).toBeVisible();
});
