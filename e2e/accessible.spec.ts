import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { buy, declined, pay, toCheckout } from './shopper.ts';
import { ready } from './stack.ts';
import { openPaymentOf, signIn } from './staff.ts';

/** What axe finds, in words that say where. */
async function findings(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} at ${target.join(' ')}`),
  );
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('axe finds nothing on shop, checkout, a decline, success and thanks', async ({ page }) => {
      await page.goto(ready().urls.shop);
      expect(await findings(page)).toEqual([]);
      await toCheckout(page);
      await expect(page.getByRole('button', { name: /^Pay / })).toBeVisible();
      expect(await findings(page)).toEqual([]);
      await page.getByLabel('E-mail').fill('axe@example.com');
      await pay(page, declined);
      await expect(page.getByRole('alert').filter({ hasText: 'declined' })).toBeVisible();
      expect(await findings(page)).toEqual([]);
      await buy(page, { email: `axe-${colorScheme}@example.com` });
      expect(await findings(page)).toEqual([]);
      await page.getByRole('link', { name: 'Return to Harbour Goods' }).click();
      await page.waitForURL(/thanks/);
      expect(await findings(page)).toEqual([]);
    });

    test('axe finds nothing on sign-in, list, payment and its refund dialog', async ({ page }) => {
      const email = `axe-console-${colorScheme}@example.com`;
      await buy(page, { email });
      await page.goto(`${ready().urls.console}/sign-in`);
      expect(await findings(page)).toEqual([]);
      await signIn(page);
      expect(await findings(page)).toEqual([]);
      await openPaymentOf(page, email);
      expect(await findings(page)).toEqual([]);
      await page.getByRole('button', { name: 'Refund' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });
  });
}
