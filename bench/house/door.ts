import { answerOnce, fingerprint, type Keep, type Sent } from '#server/api/idempotency.ts';
import { paymentIntent } from '#server/api/objects/payment-intent.ts';
import { intentStatus } from '#server/api/objects/status.ts';
import type { Composition } from '#server/composition/rooms.ts';
import { showId } from '#server/kernel/id.ts';
import type { IntentView } from '#server/payments/view.ts';
import { ids, type Merchant } from './merchants.ts';

/** What a merchant asks at a door, in this process: all that the door does but for HTTP. Answers are the wire's. */
export interface Door {
  /** @returns The intent, and the answer as it was stored under the key. */
  create(merchant: Merchant, wanted: Wanted): Promise<Answered>;
  confirm(merchant: Merchant, intent: IntentView, token: string, key?: string): Promise<Answered>;
  capture(merchant: Merchant, intent: IntentView, key?: string): Promise<Answered>;
}

export interface Wanted {
  amount: bigint;
  captureMethod: 'automatic' | 'manual';
  key?: string;
}

export interface Answered {
  /** Undefined where the answer is an earlier one again. */
  intent: IntentView | undefined;
  sent: Sent;
}

/** The verbs that the doors call, each under an idempotency key that is recalled, claimed and remembered as there. */
export function doorOf({ payments, keys }: Pick<Composition, 'payments' | 'keys'>): Door {
  async function once(merchant: Merchant, asked: Asked, act: Act): Promise<Answered> {
    const { key = ids(), path, sent } = asked;
    const request = showId('request', ids());
    const print = fingerprint({ method: 'POST', path, sent });
    const claim = { merchantId: merchant.id, key, fingerprint: print, request };
    let intent: IntentView | undefined;
    const keep = (view: IntentView) => {
      intent = view;
      return view;
    };
    const work = {
      act: async (answer: Keep<IntentView>) => keep(await act(claim, answer)),
      recover: async ({ id }: { id: string }) => keep(await payments.intent(merchant.caller, id)),
      show: shown,
    };
    return { sent: await answerOnce(keys, claim, { request, work }), intent };
  }

  return {
    create(merchant, { amount, captureMethod, key }) {
      const sent = { amount: String(amount), currency: 'eur', capture_method: captureMethod };
      return once(merchant, { path: '/v1/payment_intents', sent, key }, (claim, answer) =>
        payments.create(merchant.caller, { amount, currency: 'EUR', captureMethod, claim, answer }),
      );
    },
    confirm(merchant, { id }, token, key) {
      const asked = { path: `${pathOf(id)}/confirm`, sent: { payment_method: token }, key };
      return once(merchant, asked, (claim) => payments.confirm(merchant.caller, { intentId: id, token, claim }));
    },
    capture(merchant, intent, key) {
      const asked = { path: `${pathOf(intent.id)}/capture`, sent: {}, key };
      return once(merchant, asked, async (claim) => {
        if (!intent.payment) throw new Error('an intent that is to be captured has a payment');
        return { ...intent, payment: await payments.capture(merchant.caller, { paymentId: intent.payment.id, claim }) };
      });
    },
  };
}

interface Asked {
  path: string;
  sent: Record<string, string>;
  key: string | undefined;
}

type Act = (claim: Parameters<typeof answerOnce>[1], answer: Keep<IntentView>) => Promise<IntentView>;

function pathOf(intentId: string): string {
  return `/v1/payment_intents/${showId('intent', intentId)}`;
}

function shown(intent: IntentView) {
  const underway = intentStatus(intent) === 'processing';
  return {
    status: 200,
    body: paymentIntent(intent, { livemode: false, expand: new Set<string>() }),
    about: {},
    underway,
  };
}
