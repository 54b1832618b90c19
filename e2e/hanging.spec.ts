import { expect, type Page, test } from '@playwright/test';
import { asMerchant, effects } from './merchant.ts';
import { cardFrame, pay, toCheckout, visa } from './shopper.ts';

const unheard = (page: Page) => page.getByRole('heading', { name: 'We are still finding out about your payment' });
const complete = (page: Page) => page.getByRole('heading', { name: 'Payment complete' });

test.setTimeout(120_000);

test('a checkout that hangs keeps nobody before a spinner, and the same attempt alone is sent on', async ({ page }) => {
  await page.clock.install();
  // On a machine with much other work the card's frame may be late, which is not what is tried here.
  await expect(async () => {
    await toCheckout(page);
    await cardFrame(page).getByLabel('Card number').waitFor({ timeout: 10_000 });
  }).toPass();
  const attempts: unknown[] = [];
  const looked = Promise.withResolvers<void>();
  await page.route(/checkout\.confirm/, async (route) => {
    const nth = attempts.push(route.request().postDataJSON().json.attempt);
    // The first never arrives; the second does, and its answer never comes.
    await looked.promise;
    if (nth === 2) await route.fetch();
  });
  await page.getByLabel('E-mail').fill('patient@example.com');
  await pay(page, visa);
  await expect.poll(() => attempts.length).toBe(1);
  await expect(page.getByRole('button', { name: /^Paying / })).toBeVisible();
  await page.clock.fastForward(20_000);
  await expect(unheard(page)).toBeFocused();
  await expect(page.getByText('it cannot tell whether you were charged')).toBeVisible();
  await expect(page.getByRole('button', { name: /^Pay/ })).toBeHidden();
  expect(await asMerchant(page)).toMatchObject({ payment_intent: null, payment_status: 'unpaid' });
  looked.resolve();
  await expect.poll(() => attempts.length).toBe(2);
  await expect(async () => expect(await effects(page)).toEqual(['authorization', 'capture'])).toPass();
  await expect(unheard(page)).toBeVisible();
  await page.clock.fastForward(20_000);
  await expect(complete(page)).toBeVisible();
  expect(new Set(attempts).size).toBe(1);
  expect(await effects(page)).toEqual(['authorization', 'capture']);
});
