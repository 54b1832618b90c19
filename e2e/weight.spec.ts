import { gzipSync } from 'node:zlib';
import { expect, type Page, test } from '@playwright/test';
import { givenPayment } from './merchant.ts';
import { cardFrame, pay, toCheckout, visa } from './shopper.ts';
import { ready } from './stack.ts';
import { signIn } from './staff.ts';

/** Bytes of scripts over the wire, gzipped. Where a framework's update takes what is left, something else has to go. */
const most = { checkout: 150_000, vaultFrame: 10_000, console: 300_000 };

/** Every script file that a page has loaded, with its bytes over the wire, whether now or for a page before it. */
async function scripts(page: Page): Promise<{ bytes: number; files: string[] }> {
  const loaded = await page.evaluate(() =>
    performance
      .getEntriesByType('resource')
      .filter((entry) => entry instanceof PerformanceResourceTiming)
      .filter(({ name }) => new URL(name).pathname.endsWith('.js'))
      .map(({ name, encodedBodySize }) => ({ name: new URL(name).pathname, bytes: encodedBodySize })),
  );
  const files = loaded.map(({ name, bytes }) => `${name} ${bytes}`);
  return { bytes: loaded.reduce((sum, { bytes }) => sum + bytes, 0), files };
}

async function expectWithin(page: Page, limit: number): Promise<void> {
  const { bytes, files } = await scripts(page);
  const told = `${page.url()}: ${bytes} bytes of scripts, ${limit} are allowed\n${files.join('\n')}`;
  test.info().annotations.push({ type: 'scripts', description: `${new URL(page.url()).pathname} ${bytes}` });
  // Nothing at all, or a file that is not measured, would be a test that sees nothing.
  expect(files.length, told).toBeGreaterThan(4);
  expect(
    files.filter((file) => file.endsWith(' 0')),
    told,
  ).toEqual([]);
  expect(bytes, told).toBeLessThanOrEqual(limit);
}

test('the checkout loads at most 150 kB of scripts, and its card frame 10 kB', async ({ page }) => {
  await toCheckout(page);
  await cardFrame(page).getByLabel('Card number').waitFor();
  await expectWithin(page, most.checkout);
  const written = await cardFrame(page).locator('script').allTextContents();
  const files = await cardFrame(page).locator('script[src]').count();
  expect(files).toBe(0);
  const bytes = written.reduce((sum, script) => sum + gzipSync(script).length, 0);
  test.info().annotations.push({ type: 'scripts', description: `card frame ${bytes}` });
  expect(bytes).toBeGreaterThan(1_000);
  expect(bytes).toBeLessThanOrEqual(most.vaultFrame);
});

test('each page of the console loads at most 300 kB of scripts', async ({ page }) => {
  const payment = await givenPayment({ amount: 1250, email: 'weight@example.com' });
  await signIn(page);
  const lists = ['payments', 'orders', 'events', 'webhooks', 'escalations', 'alerts', 'alerts/receivers'];
  for (const path of [...lists, `payments/${payment}`]) {
    await page.goto(`${ready().urls.console}/${path}`);
    await expect(page.getByRole('main')).toBeVisible();
    await expectWithin(page, most.console);
  }
});

test('where what follows the press does not load, nobody is left to pay again, and a reload tells', async ({
  page,
}) => {
  await toCheckout(page);
  await cardFrame(page).getByLabel('Card number').waitFor();
  await page.route(/\/_next\/static\//, (route) => route.abort());
  await page.getByLabel('E-mail').fill('unloaded@example.com');
  await pay(page, visa);
  await expect(page.getByRole('alert').filter({ hasText: 'Do not pay again.' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^Pay/ })).toBeHidden();
  await page.unroute(/\/_next\/static\//);
  await page.getByRole('button', { name: 'Load it again' }).click();
  await expect(page.getByRole('heading', { name: 'Already paid' })).toBeVisible();
});
