import { expect, type Page } from '@playwright/test';
import { ready } from './stack.ts';

export type Role = 'owner' | 'finance' | 'support';

export async function signIn(page: Page, role: Role = 'owner'): Promise<void> {
  const { urls, logins } = ready();
  const login = logins.find((one) => one.role === role);
  if (!login) throw new Error(`no login for ${role}`);
  await page.goto(urls.console);
  await page.getByLabel('Email').fill(login.email);
  await page.getByLabel('Password').fill(login.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { name: 'Payments', exact: true })).toBeVisible();
}

/** Reloads until the list has so many rows: it follows the log, and may be a moment behind what was just done. */
export async function listed(page: Page, rows: number): Promise<void> {
  await expect(async () => {
    await page.reload();
    await expect(page.locator('tbody tr')).toHaveCount(rows, { timeout: 500 });
  }).toPass();
}

/** Opens the payment of a shopper by their e-mail address. */
export async function openPaymentOf(page: Page, email: string): Promise<void> {
  await page.goto(`${ready().urls.console}/payments?q=${encodeURIComponent(email)}`);
  await listed(page, 1);
  await page.locator('tbody tr').first().click();
  await page.waitForURL(/\/payments\/ch_/);
  await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
}

/** The triggers of the timeline's entries, from top to bottom. */
export function timeline(page: Page): Promise<string[]> {
  return page
    .locator('li[data-trigger]')
    .evaluateAll((entries) => entries.map((one) => one.getAttribute('data-trigger') ?? ''));
}
