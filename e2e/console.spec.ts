import { expect, type Page, test } from '@playwright/test';
import { books } from './books.ts';
import { givenPayment } from './merchant.ts';
import { ready } from './stack.ts';
import { listed, signIn } from './staff.ts';

const pageOf = (charge: string) => `${ready().urls.console}/payments/${charge}`;
const someone = () => `console-${Date.now()}-${Math.random().toString(36).slice(2)}@example.com`;
const moves = (page: Page) => page.getByRole('button', { name: /^(Capture|Void|Refund)$/ });

test('the list is filtered by its address, walked by arrows and opened by Enter', async ({ page }) => {
  const email = someone();
  for (const amount of [1100, 2200, 3300]) await givenPayment({ amount, email });
  await signIn(page);
  await page.keyboard.press('Control+k');
  await page.keyboard.type(email);
  await page.keyboard.press('Enter');
  await page.waitForURL(/q=/);
  await listed(page, 3);
  await page.getByRole('button', { name: 'Amount' }).click();
  await page.getByLabel('At least, in EUR').fill('22');
  await page.keyboard.press('Enter');
  await expect(page.locator('tbody tr')).toHaveCount(2);
  const filtered = page.url();
  expect(new URL(filtered).searchParams.get('min')).toBe('22');
  await page.reload();
  await expect(page.locator('tbody tr')).toHaveCount(2);

  await page.locator('tbody a').first().focus();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: '€22.00' })).toBeVisible();
  await page.goBack();
  await expect(page).toHaveURL(filtered);
  await page.getByRole('link', { name: 'Remove filter Amount' }).click();
  await expect(page.locator('tbody tr')).toHaveCount(3);
});

test('two presses are one refund, and it is the first thing one sees then', async ({ page }) => {
  const charge = await givenPayment({ amount: 4000, email: someone() });
  await signIn(page, 'finance');
  await page.goto(pageOf(charge));
  await page.getByRole('button', { name: 'Refund' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Amount in EUR')).toBeFocused();
  for (const [typed, says] of [
    ['40.01', 'At most €40.00 is left'],
    ['1,50', 'like this: 12.50'],
    ['0', 'above zero'],
  ] as const) {
    await dialog.getByLabel('Amount in EUR').fill(typed);
    await expect(dialog).toContainText(says);
    await expect(dialog.getByRole('button', { name: 'Refund' })).toBeDisabled();
  }
  await dialog.getByLabel('Amount in EUR').fill('12.5');
  await dialog.getByRole('button', { name: 'Refund €12.50' }).dblclick();
  await expect(page.locator('li[data-trigger="partial_refund"][data-new]')).toBeInViewport();
  await expect(page.locator('li[data-trigger="partial_refund"]')).toHaveCount(1);
  const refunds = (await books(charge)).filter(({ kind }) => kind === 'refund');
  expect(refunds).toMatchObject([{ amount: 1250 }]);
});

test('an authorisation is captured in part, another one voided', async ({ page }) => {
  const [table, chair] = await Promise.all([
    givenPayment({ amount: 12_000, email: someone(), captureMethod: 'manual' }),
    givenPayment({ amount: 7_700, email: someone(), captureMethod: 'manual' }),
  ]);
  await signIn(page);
  await page.goto(pageOf(table));
  await page.getByRole('button', { name: 'Capture' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount in EUR').fill('100');
  await expect(dialog).toContainText('The other €20.00 is released');
  await dialog.getByRole('button', { name: 'Capture €100.00' }).click();
  await expect(page.locator('li[data-trigger="capture"][data-new]')).toContainText('€100.00');

  await page.goto(pageOf(chair));
  await page.getByRole('button', { name: 'Void' }).click();
  await expect(dialog.getByRole('button', { name: 'Void payment' })).not.toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: 'Void' })).toBeFocused();
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Void payment' }).click();
  await expect(page.locator('li[data-trigger="void"][data-new]')).toBeVisible();
  await expect(moves(page)).toHaveCount(0);
});

test('support looks and cannot touch, neither by a button nor by hand', async ({ page }) => {
  const charge = await givenPayment({ amount: 4000, email: someone() });
  await signIn(page, 'support');
  await page.goto(pageOf(charge));
  await expect(page.getByRole('heading', { level: 1, name: '€40.00' })).toBeVisible();
  await expect(moves(page)).toHaveCount(0);
  const status = await page.evaluate(async (id) => {
    const json = { id, attempt: crypto.randomUUID(), reason: 'duplicate' };
    const headers = { 'content-type': 'application/json' };
    return (await fetch('/api/trpc/payment.refund', { method: 'POST', headers, body: JSON.stringify({ json }) }))
      .status;
  }, charge);
  expect(status).toBe(403);
});

test('signing out ends the session for a copied cookie too, and signing in leads back', async ({ page }) => {
  const charge = await givenPayment({ amount: 4000, email: someone() });
  await signIn(page, 'finance');
  const cookies = await page.context().cookies();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.waitForURL(/\/sign-in/);
  await page.context().addCookies(cookies);
  await page.goto(pageOf(charge));
  await expect(page.getByText('Your session has ended')).toBeVisible();
  const login = ready().logins.find(({ role }) => role === 'finance');
  await page.getByLabel('Email').fill(login?.email ?? '');
  await page.getByLabel('Password').fill(login?.password ?? '');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: '€40.00' })).toBeVisible();
});

test('nothing is wider than 320 px', async ({ page }) => {
  const charge = await givenPayment({ amount: 4000, email: someone() });
  await page.setViewportSize({ width: 320, height: 640 });
  await signIn(page);
  for (const url of [`${ready().urls.console}/payments`, pageOf(charge), pageOf('ch_0000000000000000000000')]) {
    await page.goto(url);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  }
});
