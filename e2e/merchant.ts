import type { Page } from '@playwright/test';
import { books } from './books.ts';
import { ready } from './stack.ts';

export interface Wish {
  /** Minor units of EUR. */
  amount: number;
  email: string;
  captureMethod?: 'automatic' | 'manual';
  paymentMethod?: string;
}

/** A payment as a merchant's server makes one over `/v1`, with a published test card. Returns the charge's id. */
export async function givenPayment({ amount, email, captureMethod, paymentMethod }: Wish): Promise<string> {
  const { urls, merchant } = ready();
  const response = await fetch(`${urls.api}/v1/payment_intents`, {
    method: 'POST',
    headers: { authorization: `Bearer ${merchant.secretKey}` },
    body: new URLSearchParams({
      amount: String(amount),
      currency: 'eur',
      confirm: 'true',
      receipt_email: email,
      capture_method: captureMethod ?? 'automatic',
      payment_method: paymentMethod ?? 'pm_card_visa',
    }),
  });
  const intent = (await response.json()) as { latest_charge?: string };
  if (!intent.latest_charge) throw new Error(`no payment was made: ${JSON.stringify(intent)}`);
  return intent.latest_charge;
}

/** The merchant's side of the checkout on this page, over the public API. */
export async function asMerchant(page: Page, path = '', method = 'GET') {
  const id = /cs_test_\w{22}/.exec(page.url())?.[0];
  const { urls, merchant } = ready();
  const answer = await fetch(`${urls.api}/v1/checkout/sessions/${id}${path}`, {
    method,
    headers: { authorization: `Bearer ${merchant.secretKey}` },
  });
  return answer.json();
}

/** What the acquirers' books hold of the checkout on this page. */
export async function effects(page: Page): Promise<string[]> {
  const session = await asMerchant(page, '?expand[]=payment_intent');
  return (await books(session.payment_intent.latest_charge)).map(({ kind }) => kind);
}
