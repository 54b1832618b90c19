import { expect, type Page, test } from '@playwright/test';
import { asMerchant, effects } from './merchant.ts';
import { cardFrame, pay, toCheckout, typeCard, visa } from './shopper.ts';

const complete = (page: Page) => page.getByRole('heading', { name: 'Payment complete' });
const payButton = (page: Page) => page.getByRole('button', { name: /^Pay / });

test('a double click and two tabs that pay at the same time take the money once', async ({ page, context }) => {
  await toCheckout(page);
  const tab = await context.newPage();
  await tab.goto(page.url());
  for (const one of [page, tab]) {
    await one.getByLabel('E-mail').fill('twice@example.com');
    await typeCard(one, visa);
  }
  await Promise.all([payButton(page).dblclick(), payButton(tab).dblclick()]);
  await expect(complete(page)).toBeVisible();
  await expect(tab.getByRole('heading', { name: /Payment complete|We are confirming/ })).toBeVisible();
  await expect(complete(tab)).toBeVisible();
  expect(await effects(page)).toEqual(['authorization', 'capture']);
});

test('an answer that is lost on its way to the browser is asked for again, and nothing is paid twice', async ({
  page,
}) => {
  await toCheckout(page);
  let sent = 0;
  await page.route(/checkout\.confirm/, async (route) => {
    sent += 1;
    if (sent > 1) return route.continue();
    await route.fetch();
    return route.abort();
  });
  await page.getByLabel('E-mail').fill('lost@example.com');
  await pay(page, visa);
  await expect(complete(page)).toBeVisible();
  expect(sent).toBe(2);
  expect(await effects(page)).toEqual(['authorization', 'capture']);
});

test('a card form that does not load says so and can be loaded again', async ({ page }) => {
  await page.route(/\/frame$/, (route) => route.abort());
  await toCheckout(page);
  const again = page.getByRole('button', { name: 'Load it again' });
  await expect(again).toBeVisible();
  await expect(page.getByRole('alert').filter({ hasText: 'You were not charged' })).toBeVisible();
  await page.unroute(/\/frame$/);
  await again.click();
  await page.getByLabel('E-mail').fill('again@example.com');
  await pay(page, visa);
  await expect(complete(page)).toBeVisible();
});

test('a checkout that its merchant closed takes no card', async ({ page }) => {
  await toCheckout(page);
  await page.getByLabel('E-mail').fill('late@example.com');
  await typeCard(page, visa);
  expect(await asMerchant(page, '/expire', 'POST')).toMatchObject({ status: 'expired', url: null });
  await payButton(page).click();
  await expect(page.getByRole('heading', { name: 'This checkout has closed' })).toBeVisible();
  await expect(page.getByRole('link', { name: 'Back to Harbour Goods' }).last()).toBeVisible();
  expect(await asMerchant(page)).toMatchObject({ payment_intent: null, payment_status: 'unpaid' });
});

test('the keyboard alone pays, and the next thing it meets is the way back', async ({ page }) => {
  await toCheckout(page);
  await cardFrame(page).getByLabel('Card number').waitFor();
  await page.getByLabel('E-mail').focus();
  await page.keyboard.type('keys@example.com');
  for (const text of [visa.number, visa.expiry, visa.cvc]) {
    await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  }
  await page.keyboard.press('Enter');
  await expect(complete(page)).toBeFocused();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Return to Harbour Goods' })).toBeFocused();
});

test('without scripts the page says what it needs instead of a form that cannot work', async ({ page, browser }) => {
  await toCheckout(page);
  const context = await browser.newContext({ javaScriptEnabled: false });
  const still = await context.newPage();
  await still.goto(page.url());
  // By its tag: searches by text leave out what stands in a <noscript>.
  await expect(still.locator('noscript p')).toContainText('You were not charged. This page needs JavaScript');
  await expect(still.locator('noscript p')).toBeVisible();
  await expect(payButton(still)).toBeHidden();
  await context.close();
});
