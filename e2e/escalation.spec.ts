import { type Browser, expect, type Page, test } from '@playwright/test';
import { books } from './books.ts';
import { givenSilence } from './silence.ts';
import { ready } from './stack.ts';
import { type Role, signIn, timeline } from './staff.ts';

async function seat(browser: Browser, role: Role): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  await signIn(page, role);
  return page;
}

/** What the server says to somebody who presses a button that is not there. */
function confirmByHand(page: Page): Promise<{ status: number; code: string }> {
  const id = new URL(page.url()).pathname.split('/').at(-1);
  return page.evaluate(async (escalation) => {
    const json = { id: escalation, attempt: crypto.randomUUID(), proposedAt: new Date().toISOString() };
    const headers = { 'content-type': 'application/json' };
    const url = '/api/trpc/escalations.confirm';
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ json }) });
    return { status: answer.status, code: (await answer.json()).error?.json.data.code };
  }, id);
}

test('what nobody answers is closed by two people, and the first alone cannot', async ({ browser }) => {
  const charge = await givenSilence({ last4: '1117', paymentMethod: 'pm_card_discover' });
  const first = await seat(browser, 'finance');
  await first.goto(`${ready().urls.console}/payments/${charge}`);
  await first.getByRole('link', { name: 'Somebody has to look' }).click({ timeout: 30_000 });
  await expect(first.getByRole('heading', { level: 1 })).toHaveText('€42.00 is at risk');

  const [held] = await books(charge);
  await first.getByLabel('The authorization took place').check();
  await first.getByLabel('The provider’s own id of it').fill(held?.id ?? '');
  await first.getByLabel('Reason').fill('too short');
  await expect(first.getByRole('button', { name: 'Propose to close' })).toBeDisabled();
  await first.getByLabel('Reason').fill('Seen in the acquirer’s own books.');
  await first.getByRole('button', { name: 'Propose to close' }).click();
  await expect(first.getByText('This is your own finding')).toBeVisible();
  await expect(first.getByRole('button', { name: 'Confirm and close' })).toHaveCount(0);
  expect(await confirmByHand(first)).toEqual({ status: 403, code: 'second_person' });

  const second = await seat(browser, 'owner');
  await second.getByRole('link', { name: /Escalations/ }).click();
  await expect(second.getByRole('region', { name: 'Money at risk' })).toContainText('€');
  await second.goto(first.url());
  await second.getByRole('button', { name: 'Confirm and close' }).click();
  await second.getByRole('dialog').getByRole('button', { name: 'Confirm and close' }).dblclick();
  await expect(second.getByText('Confirmed and closed by')).toBeVisible();

  await second.goto(`${ready().urls.console}/payments/${charge}`);
  await expect(second.locator('li[data-trigger="capture"]')).toBeVisible();
  const told = await timeline(second);
  expect(told.filter((trigger) => trigger.startsWith('escal'))).toEqual([
    'escalated',
    'escalation_proposed',
    'escalation_closed',
  ]);
  expect((await books(charge)).map(({ kind }) => kind)).toEqual(['authorization', 'capture']);
});
