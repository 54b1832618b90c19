import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import { readSettings } from '#deploy/local/settings.ts';
import { buy, toCheckout, typeCard, visa } from './shopper.ts';
import { openPaymentOf, signIn } from './staff.ts';

/** The browser that the tests use. */
const found = join(import.meta.dirname, '../node_modules/.florin-browser');

/**
 * Takes the README's screenshots of the product as it runs in this folder's data folder.
 *
 * @param folder  Where `checkout.png` and `console.png` go.
 * @throws        Error that says what to start, where nothing runs.
 */
export async function takeScreenshots(folder: string): Promise<void> {
  const readyFile = join(readSettings(process.env).folder, 'ready.json');
  if (!existsSync(readyFile)) throw new Error('Nothing runs here: start the product with `npm start`, then try again.');
  process.env.FLORIN_E2E_READY = readyFile;
  const asRoot = process.getuid?.() === 0;
  const browser = await chromium.launch({
    ...(existsSync(found) && { executablePath: readFileSync(found, 'utf8') }),
    args: asRoot ? ['--no-sandbox'] : [],
  });
  try {
    await shot(browser, { file: join(folder, 'checkout.png'), height: 640 }, async (page) => {
      await toCheckout(page);
      await page.getByLabel('E-mail').fill('ada@example.com');
      await typeCard(page, visa);
    });
    await shot(browser, { file: join(folder, 'console.png'), height: 900 }, async (page) => {
      const email = `ada.${Date.now() % 100_000}@example.com`;
      await buy(page, { email });
      await signIn(page);
      await openPaymentOf(page, email);
    });
  } finally {
    await browser.close();
  }
}

interface Shot {
  file: string;
  /** Pixels of the page's height; twice as many in the file. */
  height: number;
}

async function shot(browser: Browser, { file, height }: Shot, arrange: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1280, height }, deviceScaleFactor: 2 });
  await arrange(page);
  await page.screenshot({ path: file });
  await page.close();
}
