import { readId } from '#server/kernel/id.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { RefundView } from '#server/payments/view.ts';
import type { KeyCaller } from '../authenticate.ts';
import { type Call, type Endpoint, reading, writing } from '../endpoint.ts';
import { invalidRequest, missing } from '../errors.ts';
import type { Answer } from '../idempotency.ts';
import { refund } from '../objects/refund.ts';
import { expandAlone } from '../parameters/read.ts';
import { createParameters } from '../parameters/refunds.ts';
import { asRefund } from './refund-refusals.ts';

const expandable = [
  'balance_transaction',
  'charge',
  'charge.payment_intent',
  'payment_intent',
  'payment_intent.latest_charge',
];

export function refundEndpoints({ payments }: { payments: Payments }): Endpoint[] {
  const show = (view: RefundView, call: Call) => showRefund(payments, view, call);
  return [
    writing({
      url: '/v1/refunds',
      parameters: createParameters,
      expandable,
      async act({ caller, claim }, { amount, reason, charge, payment_intent }) {
        const paymentId = charge
          ? await ofCharge(payments, caller, charge)
          : await ofIntent(payments, caller, payment_intent ?? '');
        return asRefund({ payments, caller, paymentId }, () =>
          payments.refund(caller, { paymentId, amount, reason, claim }),
        );
      },
      recover: ({ caller }, { id }) => payments.refundById(caller, id),
      show,
    }),
    reading({
      url: '/v1/refunds/:id',
      named: { noun: 'refund', param: 'id', read: (text) => readId('refund', text) },
      parameters: expandAlone,
      expandable,
      act: ({ caller, id }) => payments.refundById(caller, id),
      show,
    }),
  ];
}

async function showRefund(payments: Payments, view: RefundView, { caller, asked }: Call): Promise<Answer> {
  const about = { payment: view.paymentId, intent: view.intentId, operation: view.id };
  const underway = refund(view, asked).status === 'pending';
  if (!asked.expand.has('charge') && !asked.expand.has('payment_intent')) {
    return { status: 200, body: refund(view, asked), about, underway };
  }
  const { intent, ...payment } = await payments.payment(caller, view.paymentId);
  return { status: 200, body: refund(view, asked, { payment, intent }), about, underway };
}

async function ofCharge(payments: Payments, caller: KeyCaller, text: string): Promise<string> {
  const id = readId('payment', text);
  if (!id) throw missing('charge', text, 'charge');
  return (await found(payments.payment(caller, id), { noun: 'charge', text, param: 'charge' })).id;
}

async function ofIntent(payments: Payments, caller: KeyCaller, text: string): Promise<string> {
  const wanted = { noun: 'payment_intent', text, param: 'payment_intent' };
  const id = readId('intent', text);
  if (!id) throw missing(wanted.noun, text, wanted.param);
  const { payment } = await found(payments.intent(caller, id), wanted);
  if (payment) return payment.id;
  throw invalidRequest(400, `This PaymentIntent (${text}) does not have a successful charge to refund.`, {
    code: 'payment_intent_unexpected_state',
  });
}

async function found<V>(
  read: Promise<V>,
  { noun, text, param }: { noun: string; text: string; param: string },
): Promise<V> {
  try {
    return await read;
  } catch (error) {
    throw error instanceof Refusal && error.code === 'not_found' ? missing(noun, text, param) : error;
  }
}
