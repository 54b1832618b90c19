import { expect, test } from '@playwright/test';
import { givenSilence } from './silence.ts';
import { ready } from './stack.ts';
import { signIn } from './staff.ts';

test.describe.configure({ mode: 'serial' });

test('what needs a person is an alert, counted until somebody sees to it, and leads to where to look', async ({
  page,
}) => {
  const charge = await givenSilence({ last4: '0505', paymentMethod: 'pm_card_jcb' });
  await signIn(page, 'finance');
  const says = 'A provider does not say whether it moved money';
  const alert = page.getByRole('listitem').filter({ hasText: charge });
  await expect(async () => {
    await page.goto(`${ready().urls.console}/alerts`);
    await expect(alert).toBeVisible();
  }).toPass();
  await expect(page.getByRole('link', { name: /^Alerts \d+ not acknowledged/ })).toBeVisible();
  await alert.getByText('Details').click();
  await expect(alert.getByText('Nobody: no receiver is set up for it.')).toBeVisible();
  await alert.getByRole('button', { name: /^Acknowledge/ }).dblclick();
  await expect(alert.getByText('Acknowledged by')).toBeVisible();
  await expect(alert.getByRole('button')).toHaveCount(0);
  await alert.getByRole('link', { name: says }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('is at risk');
});

test('an owner names who is told, and takes it back', async ({ page }) => {
  await signIn(page, 'owner');
  await page.goto(`${ready().urls.console}/alerts/receivers`);
  await page.getByLabel('By', { exact: true }).selectOption('webhook');
  await expect(page.getByLabel('Signing secret')).toHaveValue(/^whsec_/);
  await page.getByLabel('Address').fill('nowhere');
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByText('Write a whole address')).toBeVisible();
  await page.getByLabel('Address').fill('https://harbour.test/alerts');
  await page.getByRole('button', { name: 'Add' }).dblclick();
  const told = page.getByRole('list', { name: 'Who is told' }).getByRole('listitem');
  await expect(told).toHaveText([/Webhook\s*https:\/\/harbour\.test\/alerts/]);
  await page.getByRole('button', { name: 'Remove https://harbour.test/alerts' }).click();
  await expect(page.getByText('Nobody is told yet')).toBeVisible();
});
