import { readId } from '#server/kernel/id.ts';
import type { Payments } from '#server/payments/payments.ts';
import { type Endpoint, reading } from '../endpoint.ts';
import { expandedCharge } from '../objects/expanded-charge.ts';
import { expandAlone } from '../parameters/read.ts';

export function chargeEndpoints({ payments }: { payments: Payments }): Endpoint[] {
  const retrieve = reading({
    url: '/v1/charges/:id',
    named: { noun: 'charge', param: 'id', read: (text) => readId('payment', text) },
    parameters: expandAlone,
    expandable: ['balance_transaction', 'customer', 'payment_intent', 'payment_intent.latest_charge'],
    act: ({ caller, id }) => payments.payment(caller, id),
    show: ({ intent, ...payment }, { asked }) => ({
      status: 200,
      body: expandedCharge({ payment, intent }, asked),
      about: { payment: payment.id, intent: intent.id },
    }),
  });
  return [retrieve];
}
