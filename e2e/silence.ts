import { pull } from './books.ts';
import { givenPayment } from './merchant.ts';

/**
 * A payment whose answer is lost, and about which no acquirer says anything more: a person has to look.
 *
 * @param last4  Of a card that no other test uses: what is done to it here is done for good.
 * @returns      The charge's shown id.
 */
export async function givenSilence({
  last4,
  paymentMethod,
}: {
  last4: string;
  paymentMethod: string;
}): Promise<string> {
  await pull({ fault: 'lose_after', kind: 'authorize', last4 });
  await pull({ fault: 'lose_before', kind: 'inquire', last4 });
  await pull({ fault: 'webhook_drop', kind: 'authorize', last4 });
  return givenPayment({ amount: 4200, email: 'silence@example.com', paymentMethod });
}
