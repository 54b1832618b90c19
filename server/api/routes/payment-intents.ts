import type { Ids } from '#server/kernel/id.ts';
import { readId } from '#server/kernel/id.ts';
import type { Payments } from '#server/payments/payments.ts';
import type { IntentView } from '#server/payments/view.ts';
import { type Call, type Endpoint, reading, writing } from '../endpoint.ts';
import type { Answer } from '../idempotency.ts';
import { paymentIntent } from '../objects/payment-intent.ts';
import { intentStatus } from '../objects/status.ts';
import * as parameters from '../parameters/payment-intents.ts';
import { expandAlone } from '../parameters/read.ts';
import { amountTooLarge, declineAnswer, inState, isOfState, voidRefused } from './intent-refusals.ts';
import { type Cards, isTestName, takeCard, testCard } from './payment-method.ts';

export interface IntentRooms {
  payments: Payments;
  vault: Cards;
  ids: Ids;
}

/** The properties that can be written out, though most are always null. */
const expandable = ['customer', 'latest_charge', 'latest_charge.balance_transaction', 'payment_method'];

const named = { noun: 'payment_intent', param: 'intent', read: (text: string) => readId('intent', text) };

export function paymentIntentEndpoints(rooms: IntentRooms): Endpoint[] {
  return [createIntent(rooms), retrieveIntent(rooms), confirmIntent(rooms), captureIntent(rooms), cancelIntent(rooms)];
}

function createIntent(rooms: IntentRooms): Endpoint {
  const { payments, vault, ids } = rooms;
  return writing({
    url: '/v1/payment_intents',
    parameters: parameters.createParameters,
    expandable,
    async act(call, sent, keep) {
      const { caller, claim } = call;
      const intentId = ids();
      const { amount, currency, description, receipt_email: receiptEmail, metadata } = sent;
      const captureMethod = sent.capture_method === 'manual' ? 'manual' : 'automatic';
      const reference = sent.payment_details?.order_reference;
      // The card is asked about first, so that a token that can't be used leaves nothing behind.
      const purpose = { merchantId: caller.merchantId, intentId, amount, currency };
      const token = await takeCard(vault, sent.payment_method, { ...purpose, livemode: call.asked.livemode });
      const words = { captureMethod, description, receiptEmail, reference, metadata } as const;
      // Of a creation that goes on to confirm, the answer is another one.
      const answer = token ? undefined : keep;
      const intent = await payments.create(caller, { intentId, amount, currency, ...words, claim, answer });
      return token ? payments.confirm(caller, { intentId, token }) : intent;
    },
    recover: (call, { id }, { payment_method }) => confirmMade(rooms, call, { id, method: payment_method }),
    show: showPaid,
  });
}

/** The intent that a lost request made; where it was to be confirmed too and was not yet, that is done now. */
async function confirmMade(
  { payments, vault }: IntentRooms,
  { caller, asked }: Call,
  { id, method }: { id: string; method: string | undefined },
): Promise<IntentView> {
  const intent = await payments.intent(caller, id);
  if (!method || intent.canceledAt || intent.payment?.state !== 'initiated') return intent;
  const { merchantId, amount, currency } = intent;
  const purpose = { merchantId, intentId: id, amount, currency, livemode: asked.livemode };
  const token = await takeCard(vault, method, purpose);
  try {
    return token ? await payments.confirm(caller, { intentId: id, token }) : intent;
  } catch (error) {
    // Somebody else has confirmed or cancelled it in the meantime: then that is what became of it.
    if (isOfState(error)) return payments.intent(caller, id);
    throw error;
  }
}

function retrieveIntent({ payments }: IntentRooms): Endpoint {
  return reading({
    url: '/v1/payment_intents/:id',
    named,
    parameters: expandAlone,
    expandable,
    act: ({ caller, id }) => payments.intent(caller, id),
    show,
  });
}

function confirmIntent({ payments, vault }: IntentRooms): Endpoint {
  return writing({
    url: '/v1/payment_intents/:id/confirm',
    named,
    parameters: parameters.confirmParameters,
    expandable,
    async act({ caller, id, claim, asked }, { payment_method }) {
      let token = payment_method;
      if (!asked.livemode && isTestName(payment_method)) {
        const { merchantId, amount, currency } = await payments.intent(caller, id);
        token = await testCard(vault, payment_method, { merchantId, intentId: id, amount, currency });
      }
      return inState('confirm', { payments, caller, id, asked }, () =>
        payments.confirm(caller, { intentId: id, token, claim }),
      );
    },
    recover: ({ caller, id }) => payments.intent(caller, id),
    show: showPaid,
  });
}

function captureIntent({ payments }: IntentRooms): Endpoint {
  return writing({
    url: '/v1/payment_intents/:id/capture',
    named,
    parameters: parameters.captureParameters,
    expandable,
    async act({ caller, id, claim, asked }, { amount_to_capture: amount }) {
      const intent = await payments.intent(caller, id);
      const { payment } = intent;
      return inState('capture', { payments, caller, id, asked }, async () => {
        if (!payment || intentStatus(intent) !== 'requires_capture') return undefined;
        if (amount !== undefined && amount > payment.authorized) throw amountTooLarge();
        const captured = await payments.capture(caller, { paymentId: payment.id, amount, claim });
        return { ...intent, payment: captured };
      });
    },
    recover: ({ caller, id }) => payments.intent(caller, id),
    show: showPaid,
  });
}

function cancelIntent({ payments }: IntentRooms): Endpoint {
  return writing({
    url: '/v1/payment_intents/:id/cancel',
    named,
    parameters: parameters.cancelParameters,
    expandable,
    act: ({ caller, id, claim, asked }, { cancellation_reason: reason }) =>
      inState('cancel', { payments, caller, id, asked }, () =>
        payments.cancel(caller, { intentId: id, reason, claim }),
      ),
    recover: ({ caller, id }) => payments.intent(caller, id),
    show: showCanceled,
  });
}

function show(intent: IntentView, { asked }: Call): Answer {
  const about = { intent: intent.id, payment: intent.payment?.id };
  return { status: 200, body: paymentIntent(intent, asked), about, underway: intentStatus(intent) === 'processing' };
}

/** After an attempt to take money: a refusal is the merchant's to hear as an error, 402. */
function showPaid(intent: IntentView, call: Call): Answer {
  return declineAnswer(intent, call.asked) ?? show(intent, call);
}

function showCanceled(intent: IntentView, call: Call): Answer {
  return intentStatus(intent) === 'requires_capture' ? voidRefused(intent, call.asked) : show(intent, call);
}
