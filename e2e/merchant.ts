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
