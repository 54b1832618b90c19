import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from '@playwright/test';
import { givenPayment } from './merchant.ts';
import { bankFrame, buy, challenged, declined, pay, toCheckout } from './shopper.ts';
import { givenSilence } from './silence.ts';
import { ready } from './stack.ts';
import { openPaymentOf, signIn } from './staff.ts';

/** What axe finds, in words that say where. */
async function findings(page: Page): Promise<string[]> {
  // A bank's page is the bank's: in a frame it has landmarks of its own, which axe would count as ours.
  const { violations } = await new AxeBuilder({ page }).exclude('iframe[title="Your bank’s page"]').analyze();
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target }) => `${id}: ${help} at ${target.join(' ')}`),
  );
}

/** What the page takes of a window that is 320 px wide, which it is made for the asking. */
async function width(page: Page): Promise<number> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 320, height: 640 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  if (before) await page.setViewportSize(before);
  return wide;
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

    test('axe finds nothing on a bank’s challenge, in its panel and beside it', async ({ page }) => {
      await toCheckout(page);
      await page.getByLabel('E-mail').fill('axe@example.com');
      await pay(page, challenged);
      await expect(bankFrame(page).getByRole('button', { name: 'Approve' })).toBeVisible();
      expect(await findings(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(page.getByText('You have not been charged.')).toBeVisible();
      expect(await findings(page)).toEqual([]);
    });

    test('axe finds nothing on escalations, one of them and a review, and none is wider than 320 px', async ({
      page,
    }) => {
      const silent = await givenSilence({ last4: '5100', paymentMethod: 'pm_card_mastercard_prepaid' });
      const held = await givenPayment({ amount: 250_000, email: 'axe-review@example.com' });
      const { console: desk } = ready().urls;
      await signIn(page);
      await page.goto(`${desk}/payments/${held}`);
      await expect(page.getByRole('region', { name: 'Held for review' })).toBeVisible();
      expect(await findings(page)).toEqual([]);
      expect(await width(page)).toBe(320);
      await page.goto(`${desk}/payments/${silent}`);
      await page.getByRole('link', { name: 'Somebody has to look' }).click({ timeout: 30_000 });
      await page.getByLabel('The authorization took place').check();
      expect(await findings(page)).toEqual([]);
      expect(await width(page)).toBe(320);
      await page.goto(`${desk}/escalations`);
      await expect(page.getByRole('region', { name: 'Money at risk' })).toBeVisible();
      expect(await findings(page)).toEqual([]);
      expect(await width(page)).toBe(320);
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

    test('axe finds nothing on orders and one of them, and none is wider than 320 px', async ({ page }) => {
      const email = `axe-orders-${colorScheme}@example.com`;
      await buy(page, { email });
      await signIn(page);
      await page.goto(`${ready().urls.console}/orders?show=all`);
      const row = page.getByRole('row').filter({ hasText: email });
      await expect(row).toBeVisible();
      expect(await findings(page)).toEqual([]);
      expect(await width(page)).toBe(320);
      await row.getByRole('link').click();
      await expect(page.getByRole('heading', { name: 'Timeline' })).toBeVisible();
      expect(await findings(page)).toEqual([]);
      expect(await width(page)).toBe(320);
    });
  });
}
