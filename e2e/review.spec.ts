import { expect, test } from '@playwright/test';
import { books } from './books.ts';
import { givenPayment } from './merchant.ts';
import { ready } from './stack.ts';
import { signIn } from './staff.ts';

/** Above the demo merchant's limit: a person looks before anything is captured. */
const amount = 250_000;
const verdicts = [
  { verdict: 'Approve', ends: 'capture', effects: ['authorization', 'capture'] },
  { verdict: 'Reject', ends: 'void', effects: ['authorization', 'void'] },
] as const;

for (const { verdict, ends, effects } of verdicts) {
  test(`risk holds a payment until somebody looks: ${verdict} ends in its ${ends}`, async ({ page }) => {
    const charge = await givenPayment({ amount, email: 'review@example.com' });
    expect((await books(charge)).map(({ kind }) => kind)).toEqual(['authorization']);
    await signIn(page, 'finance');
    await page.goto(`${ready().urls.console}/payments/${charge}`);
    const review = page.getByRole('region', { name: 'Held for review' });
    await expect(review).toContainText('above the limit of €2,000.00');
    await review.getByRole('button', { name: verdict }).click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: `${verdict} payment` })
      .dblclick();
    await expect(page.locator(`li[data-trigger="${ends}"]`)).toBeVisible({ timeout: 20_000 });
    await expect(review).toHaveCount(0);
    expect((await books(charge)).map(({ kind }) => kind)).toEqual(effects);
  });
}
