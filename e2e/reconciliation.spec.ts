import { type Browser, expect, type Page, test } from '@playwright/test';
import { givenPayment } from './merchant.ts';
import { ready } from './stack.ts';
import { type Role, signIn } from './staff.ts';

const reason = 'Seen at the acquirer, and agreed with it.';
const desk = () => `${ready().urls.console}/reconciliation`;

async function seat(browser: Browser, role: Role): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, role);
  return page;
}

interface Captured {
  id: string;
  reference: string;
  amount: number;
  fee: number;
  at: string;
}

/** A payment that alder, and not the other acquirer, has captured: its own books say so. */
async function capturedAtAlder(amount: number): Promise<Captured> {
  const alder = ready().sandboxes.find(({ name }) => name === 'alder');
  if (!alder) throw new Error('no acquirer is called alder');
  for (let tries = 0; tries < 10; tries++) {
    const reference = await givenPayment({ amount, email: 'settled@example.com' });
    const headers = { authorization: `Bearer ${alder.key}` };
    const answer = await fetch(`${alder.books}?reference=${reference}`, { headers });
    const effects = (await answer.text())
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));
    const capture = effects.find(({ kind }) => kind === 'capture');
    if (capture) return { id: capture.id, reference, amount, fee: capture.fee, at: new Date().toISOString() };
  }
  throw new Error('no payment went to alder');
}

/**
 * A file of alder's, as `server/sandbox/core/README.md` describes it: one line as it was, one off by a euro, one of a
 * payment that nobody knows.
 */
function fileOf(fine: Captured, off: Captured): string {
  const line = ({ id, reference, at, fee }: Captured, gross: number) =>
    `capture,${id},${id},,${reference},${at},${gross},${fee},${gross - fee},EUR,`;
  const stranger = { ...fine, id: `cap_${crypto.randomUUID()}`, reference: `order_${crypto.randomUUID()}` };
  return [
    'kind,id,capture_id,key,reference,created,gross,fee,net,currency,payout_id',
    line(fine, fine.amount),
    line(off, off.amount + 100),
    line(stranger, 777),
    `end,planted,,,,${fine.at},3,,,,`,
    '',
  ].join('\n');
}

/** How many of a file's differences are open, as the head of its page says; beside it, escalations are counted, too. */
async function openOf(page: Page, address: string): Promise<string | null> {
  await page.goto(address);
  return page
    .getByRole('main')
    .getByText(/^\d+ open$/)
    .textContent({ timeout: 2_000 })
    .catch(() => null);
}

async function openToday(page: Page): Promise<number> {
  await page.goto(desk());
  const told = await page.getByRole('slider', { name: 'Open differences by day: day' }).getAttribute('aria-valuetext');
  return Number(/: ([\d,]+) open/.exec(told ?? '')?.[1]?.replace(',', ''));
}

test('a file with planted differences is uploaded; one is resolved, another written off by two people', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const [fine, off] = [await capturedAtAlder(4711), await capturedAtAlder(5822)];
  const first = await seat(browser, 'finance');
  const before = await openToday(first);

  const day = new Date().toISOString().slice(0, 10);
  await first.getByRole('button', { name: 'Upload' }).click();
  const dialog = first.getByRole('dialog');
  await dialog.getByLabel('Provider').selectOption('alder');
  await dialog.getByLabel('Day that it settles').fill(day);
  const buffer = Buffer.from(fileOf(fine, off));
  await dialog.getByLabel('File').setInputFiles({ name: `planted-${fine.id}.csv`, mimeType: 'text/csv', buffer });
  await dialog.getByRole('button', { name: 'Upload' }).click();
  await first.waitForURL(/\/files\//);
  const address = first.url();
  await expect(async () => expect(await openOf(first, address)).toBe('2 open')).toPass({ timeout: 120_000 });
  expect(await openToday(first)).toBeGreaterThanOrEqual(before + 2);

  await first.goto(address);
  await first.getByRole('link', { name: 'Unmatched' }).click();
  await expect(first.locator('tbody tr')).toHaveCount(1);
  await first.locator('tbody a').first().focus();
  await first.keyboard.press('Enter');
  await expect(first.getByText('As it came')).toBeVisible();
  await first.getByRole('link', { name: 'Missing here' }).click();
  await expect(first.getByRole('heading', { level: 1, name: '€7.77' })).toBeVisible();
  await first.getByLabel('It is explained').check();
  await first.getByLabel('Reason').fill('too short');
  await expect(first.getByRole('button', { name: 'Resolve' })).toBeDisabled();
  await first.getByLabel('Reason').fill(reason);
  await first.getByRole('button', { name: 'Resolve' }).dblclick();
  await expect(first.getByRole('heading', { name: 'Resolved' })).toBeVisible();
  expect(await openOf(first, address)).toBe('1 open');

  await first.goto(`${desk()}/differences?kind=amount&file=${new URL(address).pathname.split('/').at(-1)}`);
  await first.locator('tbody a').first().click();
  await first.getByLabel('Write it off').check();
  await first.getByLabel('Reason').fill(reason);
  await first.getByRole('button', { name: 'Propose' }).click();
  await expect(first.getByText('This is your own proposal')).toBeVisible();
  await expect(first.getByRole('button', { name: 'Confirm and write off' })).toHaveCount(0);

  const second = await seat(browser, 'owner');
  await second.goto(`${desk()}/differences?state=waiting`);
  await second.goto(first.url());
  await second.getByRole('button', { name: 'Confirm and write off' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'Confirm and write off' }).dblclick();
  await expect(second.getByRole('heading', { name: 'Written off' })).toBeVisible();
  expect(await openOf(second, address)).toBe(null);
  expect(await openToday(second)).toBeLessThan(before + 2);
});

test('what is listed is exported as it is filtered', async ({ page }) => {
  await signIn(page, 'finance');
  for (const format of ['csv', 'json']) {
    const answer = await page.request.get(`${desk()}/export?what=differences&state=ended&format=${format}`);
    expect(answer.status()).toBe(200);
    expect(answer.headers()['content-disposition']).toContain(`.${format}"`);
  }
});

test('an account’s postings lead to what caused them', async ({ page }) => {
  const charge = await givenPayment({ amount: 3210, email: 'posted@example.com' });
  await signIn(page, 'finance');
  await page.goto(`${ready().urls.console}/ledger`);
  await page.getByRole('link', { name: 'Receivable' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Receivable' })).toBeVisible();
  const posted = page.getByRole('row').filter({ has: page.locator(`a[href*="${charge}"]`) });
  await posted.getByRole('link', { name: 'Capture' }).click();
  await expect(page.locator('li[data-trigger="capture"][data-new]')).toBeVisible();
});
