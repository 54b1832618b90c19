import { expect, type Page, test } from '@playwright/test';
import { asMerchant } from './merchant.ts';
import { bankFrame, pay, type TypedCard, visa } from './shopper.ts';
import { ready, stripeServer } from './stack.ts';
import { openPaymentOf, signIn, timeline } from './staff.ts';

/** Stripe's own test card whose bank asks its holder first. */
const asked: TypedCard = { ...visa, number: '4000000000003220' };
/** The demo merchant's rules send kronor to Stripe. */
const currency = 'sek';

async function toCheckout(page: Page): Promise<void> {
  const { urls, merchant } = ready();
  const body = new URLSearchParams({
    mode: 'payment',
    success_url: `${urls.shop}/thanks`,
    cancel_url: urls.shop,
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': currency,
    'line_items[0][price_data][unit_amount]': '12900',
    'line_items[0][price_data][product_data][name]': 'Mug',
  });
  const headers = { authorization: `Bearer ${merchant.secretKey}` };
  const answer = await fetch(`${urls.api}/v1/checkout/sessions`, { method: 'POST', headers, body });
  const session = await answer.json();
  expect(answer.status, JSON.stringify(session)).toBe(200);
  await page.goto(session.url);
}

/** What the server's journal holds of the checkout on this page. */
async function journal(page: Page): Promise<object[]> {
  const server = stripeServer();
  const { payment_intent: intent } = await asMerchant(page, '?expand[]=payment_intent');
  const headers = { authorization: `Bearer ${server.key}` };
  const answer = await fetch(`${server.url}/books?reference=${intent.latest_charge}`, { headers });
  const lines = (await answer.text()).split('\n').filter(Boolean);
  return lines
    .map((line) => JSON.parse(line))
    .map(({ kind, amount, currency, last4 }) => ({ kind, amount, currency, last4 }));
}

const paid = (last4: string) =>
  ['authorization', 'capture'].map((kind) => ({ kind, amount: 12_900, currency: 'SEK', last4 }));
const complete = (page: Page) => page.getByRole('heading', { name: 'Payment complete' });

test('a shopper pays through Stripe, staff refund a part of it, and its journal holds just that', async ({ page }) => {
  const email = `stripe-${Date.now()}@example.com`;
  await toCheckout(page);
  await page.getByLabel('E-mail').fill(email);
  await pay(page, visa);
  await expect(complete(page)).toBeVisible();
  expect(await journal(page)).toEqual(paid('4242'));
  const checkout = page.url();

  await signIn(page);
  await openPaymentOf(page, email);
  expect(await timeline(page)).toContain('capture');
  await page.getByRole('button', { name: 'Refund' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Amount in SEK').fill('29.00');
  await dialog.getByRole('button', { name: /^Refund .*29\.00/ }).click();
  await expect(page.locator('li[data-trigger="partial_refund"][data-new]')).toBeVisible();
  await page.goto(checkout);
  expect(await journal(page)).toEqual([
    ...paid('4242'),
    { kind: 'refund', amount: 2_900, currency: 'SEK', last4: '4242' },
  ]);
});

test('a bank behind Stripe asks its customer, whose yes pays', async ({ page }) => {
  await toCheckout(page);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await pay(page, asked);
  const yes = bankFrame(page).getByRole('button', { name: 'Confirm' });
  await expect(yes).toBeVisible();
  expect(await journal(page)).toEqual([]);
  await yes.click();
  await expect(complete(page)).toBeVisible();
  expect(await journal(page)).toEqual(paid('3220'));
});

test('a no at a bank behind Stripe charges nobody, and another card pays', async ({ page }) => {
  await toCheckout(page);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await pay(page, asked);
  await bankFrame(page).getByRole('button', { name: 'Refuse' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'You were not charged' })).toBeVisible();
  expect(await journal(page)).toEqual([]);
  await pay(page, visa);
  await expect(complete(page)).toBeVisible();
  expect(await journal(page)).toEqual(paid('4242'));
});

test('who gives up at a bank behind Stripe is charged nothing, then or later, and another card pays', async ({
  page,
}) => {
  await toCheckout(page);
  await page.getByLabel('E-mail').fill('ada@example.com');
  await pay(page, asked);
  await expect(bankFrame(page).getByRole('button', { name: 'Confirm' })).toBeVisible();
  const late = await bankFrame(page)
    .locator('form')
    .evaluate((form: HTMLFormElement) => form.action);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'You were not charged' })).toBeVisible();
  // In a window that stayed open, the shopper says yes after all.
  await page.request.post(late, { form: { answer: 'confirm' }, maxRedirects: 0 });
  expect(await journal(page)).toEqual([]);
  await pay(page, visa);
  await expect(complete(page)).toBeVisible();
  expect(await journal(page)).toEqual(paid('4242'));
});
