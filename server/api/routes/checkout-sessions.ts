import type { Mode } from '#server/auth/caller.ts';
import type { Checkout, CreateSessionInput } from '#server/checkout/checkout.ts';
import { readSessionId } from '#server/checkout/session-id.ts';
import type { SessionView } from '#server/checkout/view.ts';
import { invariant } from '#server/kernel/invariant.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import type { Payments } from '#server/payments/payments.ts';
import { type Call, type Endpoint, reading, writing } from '../endpoint.ts';
import { invalidRequest } from '../errors.ts';
import type { Answer } from '../idempotency.ts';
import { checkoutSession, lineItemList } from '../objects/checkout-session.ts';
import { pageOf } from '../objects/page.ts';
import { createParameters } from '../parameters/checkout-sessions.ts';
import { expandAlone, pageParameters } from '../parameters/read.ts';

export interface SessionRooms {
  checkout: Checkout;
  payments: Payments;
  mode: Mode;
}

const expandable = ['customer', 'line_items', 'payment_intent', 'payment_intent.latest_charge'];

export function checkoutSessionEndpoints({ checkout, payments, mode }: SessionRooms): Endpoint[] {
  const named = { noun: 'checkout.session', param: 'session', read: (text: string) => readSessionId(mode, text) };
  const show = (session: SessionView, call: Call) => showSession(payments, session, call);
  return [
    writing({
      url: '/v1/checkout/sessions',
      parameters: createParameters,
      expandable,
      act: ({ caller, claim }, sent) => checkout.createSession(caller, { ...inputOf(sent), claim }),
      recover: ({ caller }, { id }) => checkout.session(caller, id),
      // Its URL lets whoever has it see the cart and pay: the room keeps a hash of it, so nobody keeps more.
      standIn: ({ id }) => ({ kind: 'session', id }),
      show,
    }),
    reading({
      url: '/v1/checkout/sessions/:id',
      named,
      parameters: expandAlone,
      expandable,
      act: ({ caller, id }) => checkout.session(caller, id),
      show,
    }),
    reading({
      url: '/v1/checkout/sessions/:id/line_items',
      named,
      parameters: pageParameters,
      expandable: [],
      act: ({ caller, id }) => checkout.session(caller, id),
      show(session, _call, wanted) {
        const { url, data } = lineItemList(session);
        return { status: 200, body: pageOf(url, data, wanted), about: { session: session.id } };
      },
    }),
    writing({
      url: '/v1/checkout/sessions/:id/expire',
      named,
      parameters: expandAlone,
      expandable,
      act: ({ caller, id, claim }) => whileOpen(() => checkout.expire(caller, id, claim)),
      recover: ({ caller, id }) => checkout.session(caller, id),
      show,
    }),
  ];
}

type Sent = ReturnType<(typeof createParameters)['schema']['parse']>;

function inputOf(sent: Sent): CreateSessionInput {
  const currency = sent.line_items[0]?.price_data.currency;
  invariant(currency, 'a session has at least one line item');
  return {
    currency,
    lineItems: sent.line_items.map(({ price_data, quantity }) => ({
      ...price_data.product_data,
      unitAmount: price_data.unit_amount,
      quantity,
    })),
    successUrl: sent.success_url,
    cancelUrl: sent.cancel_url,
    captureMethod: sent.payment_intent_data?.capture_method === 'manual' ? 'manual' : 'automatic',
    expiresAt: sent.expires_at,
    clientReferenceId: sent.client_reference_id,
    customerEmail: sent.customer_email,
    metadata: sent.metadata,
  };
}

async function showSession(payments: Payments, session: SessionView, { caller, asked }: Call): Promise<Answer> {
  const wanted = session.intentId !== null && asked.expand.has('payment_intent');
  const intent = wanted ? await payments.intent(caller, session.intentId ?? '') : undefined;
  const about = { session: session.id, intent: session.intentId ?? undefined };
  return { status: 200, body: checkoutSession(session, asked, intent), about };
}

async function whileOpen(work: () => Promise<SessionView>): Promise<SessionView> {
  try {
    return await work();
  } catch (error) {
    const status = error instanceof Refusal && closed[error.code];
    if (!status) throw error;
    const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of \`${status}\`.`;
    throw invalidRequest(400, message);
  }
}

const closed: Partial<Record<string, string>> = { session_complete: 'complete', session_expired: 'expired' };
