import AxeBuilder from '@axe-core/playwright';
import { expect, test } from '@playwright/test';
import { givenPayment } from './merchant.ts';
import { signIn } from './staff.ts';

test('who acts on payments has a page: all keep up with what is paid, and it is fit to be read', async ({ page }) => {
  await givenPayment({ amount: 4_100, email: 'consumers@example.com' });
  await signIn(page, 'support');
  await page.getByRole('link', { name: 'Consumers' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Consumers' })).toBeVisible();
  const rows = page.getByRole('row').filter({ has: page.getByRole('rowheader') });
  await expect(async () => {
    await page.reload();
    await expect(rows.filter({ hasText: 'Up to date' })).toHaveCount(await rows.count());
  }).toPass();
  for (const name of ['Orders', 'Alerts', 'Payment rows', 'Hourly figures', 'Merchant webhooks']) {
    await expect(page.getByRole('rowheader', { name })).toBeVisible();
  }
  await expect(page.getByText('Nothing is put aside')).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.setViewportSize({ width: 320, height: 640 });
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
});
