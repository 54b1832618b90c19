import { expect, type Page, test } from '@playwright/test';
import { books } from './books.ts';
import { pay, visa } from './shopper.ts';
import { ready } from './stack.ts';
import { openPaymentOf, signIn } from './staff.ts';

/** Buys one piece of a product, and comes back to the shop. */
async function order(page: Page, product: string, email: string): Promise<void> {
  await page.goto(ready().urls.shop);
  await page.getByLabel('How many of Enamel mug').fill('0');
  await page.getByLabel(`How many of ${product}`).fill('1');
  await page.getByRole('button', { name: 'Check out' }).click();
  await page.waitForURL(/\/checkout\/cs_test_/);
  await page.getByLabel('E-mail').fill(email);
  await pay(page, visa);
  await page.getByRole('link', { name: 'Return to Harbour Goods' }).click();
  await page.waitForURL(/\/shop\/thanks/);
}

/** A call at the door of the shop's warehouse. */
function post(path: 'levers' | 'shipments', body: object, headers: Record<string, string> = {}): Promise<Response> {
  const { url, key } = ready().warehouse;
  const authorization = `Bearer ${key}`;
  const said = { authorization, 'content-type': 'application/json', ...headers };
  return fetch(`${url}/${path}`, { method: 'POST', headers: said, body: JSON.stringify(body) });
}

const happened = (page: Page) =>
  page.locator('li[data-trigger]').evaluateAll((entries) => entries.map((one) => one.getAttribute('data-trigger')));

// One after the other: what one of them pulls at the warehouse must not meet another's order.
test.describe.configure({ mode: 'default' });

test('what is sold out in the warehouse is refunded by itself, to the cent; shopper and staff read so', async ({
  page,
}) => {
  const email = `bell-${Date.now()}@example.com`;
  await order(page, 'Ship’s bell', email);
  await expect(page.getByRole('heading', { name: 'Your order was refunded' })).toBeVisible();
  await expect(page.getByText('Ship’s bell is sold out')).toBeVisible();

  await signIn(page);
  await openPaymentOf(page, email);
  const charge = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await expect(page.getByText('Compensated')).toBeVisible();
  expect((await books(charge)).map(({ kind, amount }) => [kind, amount])).toEqual([
    ['authorization', 6500],
    ['capture', 6500],
    ['refund', 6500],
  ]);

  await page.getByRole('link', { name: /^HG-/ }).click();
  await expect(page.getByRole('heading', { level: 1, name: /^HG-/ })).toBeVisible();
  expect(await happened(page)).toEqual([
    'create',
    'pay',
    'begin_fulfilment',
    'warehouse_asked',
    'refuse',
    'refund_asked',
    'compensate',
  ]);
});

test('an answer of the warehouse that is lost is asked after, and the order is sent', async ({ page }) => {
  expect((await post('levers', { fault: 'lose', times: 1 })).status).toBe(201);
  const email = `lost-${Date.now()}@example.com`;
  await order(page, 'Watch cap', email);
  await expect(page.getByText('is paid and on its way to you')).toBeVisible({ timeout: 20_000 });
  await signIn(page);
  await openPaymentOf(page, email);
  await page.getByRole('link', { name: /^HG-/ }).click();
  await expect(page.getByText('Sent by the warehouse')).toBeVisible();
  await page.getByRole('link', { name: 'Orders' }).first().click();
  await expect(page.getByRole('row').filter({ hasText: email })).toContainText('Fulfilled');
});

test('the warehouse decides once for each key, whoever asks at the same moment, and nothing without its own', async () => {
  const key = `test-${Date.now()}`;
  const wish = (name: string) => ({ reference: null, lines: [{ name, quantity: 1 }] });
  const asked = Array.from({ length: 20 }, (_, at) =>
    post('shipments', wish(at % 2 ? 'Ship’s bell' : 'Watch cap'), { 'idempotency-key': key }),
  );
  const answers = await Promise.all((await Promise.all(asked)).map((answer) => answer.text()));
  expect(new Set(answers).size).toBe(1);
  const stranger = { authorization: 'Bearer nobody', 'idempotency-key': `${key}-2` };
  expect((await post('shipments', wish('Watch cap'), stranger)).status).toBe(401);
  expect((await post('levers', { fault: 'error' }, stranger)).status).toBe(401);
});
