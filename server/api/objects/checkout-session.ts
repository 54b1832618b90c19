import type Stripe from 'stripe';
import type { LineItemView, SessionView } from '#server/checkout/view.ts';
import { showId } from '#server/kernel/id.ts';
import type { IntentView } from '#server/payments/view.ts';
import { below } from '../expand.ts';
import { paymentIntent } from './payment-intent.ts';
import { type Asked, type List, minor, seconds, small, wholeList } from './wire.ts';

/** A session as `checkout.session`. `intent`: read only where `expand` wants it. */
export function checkoutSession(session: SessionView, asked: Asked, intent?: IntentView): Stripe.Checkout.Session {
  return {
    ...notOffered,
    id: session.shownId,
    object: 'checkout.session',
    amount_subtotal: minor(session.amount),
    amount_total: minor(session.amount),
    cancel_url: session.cancelUrl,
    client_reference_id: session.clientReferenceId,
    created: seconds(session.createdAt),
    currency: small(session.currency),
    customer_details: customerDetails(session),
    customer_email: session.customerEmail,
    expires_at: seconds(session.expiresAt),
    ...(asked.expand.has('line_items') ? { line_items: lineItemList(session) } : {}),
    livemode: asked.livemode,
    metadata: session.metadata,
    payment_intent: intentOf(session, asked, intent),
    payment_status: session.paymentStatus,
    status: session.status,
    success_url: session.successUrl,
    url: session.url,
  };
}

/** What is the same for every session. */
const notOffered = {
  adaptive_pricing: null,
  after_expiration: null,
  allow_promotion_codes: null,
  allowed_payment_method_types: null,
  automatic_tax: { enabled: false, liability: null, provider: null, status: null },
  billing_address_collection: null,
  client_secret: null,
  collected_information: null,
  consent: null,
  consent_collection: null,
  currency_conversion: null,
  custom_fields: [],
  custom_text: { after_submit: null, shipping_address: null, submit: null, terms_of_service_acceptance: null },
  customer: null,
  customer_account: null,
  customer_creation: null,
  discounts: null,
  integration_identifier: null,
  invoice: null,
  invoice_creation: null,
  locale: null,
  managed_payments: null,
  mode: 'payment',
  origin_context: null,
  payment_link: null,
  payment_method_collection: null,
  payment_method_configuration_details: null,
  payment_method_options: null,
  payment_method_types: ['card'],
  permissions: null,
  recovered_from: null,
  saved_payment_method_options: null,
  setup_intent: null,
  shipping_address_collection: null,
  shipping_cost: null,
  shipping_options: [],
  submit_type: null,
  subscription: null,
  total_details: { amount_discount: 0, amount_shipping: 0, amount_tax: 0 },
  ui_mode: 'hosted_page',
  wallet_options: null,
} satisfies Partial<Stripe.Checkout.Session>;

function customerDetails({ shopperEmail, customerEmail }: SessionView): Stripe.Checkout.Session.CustomerDetails | null {
  const email = shopperEmail ?? customerEmail;
  const none = { address: null, business_name: null, individual_name: null, name: null, phone: null };
  return email === null ? null : { ...none, email, tax_exempt: null, tax_ids: null };
}

function intentOf(
  session: SessionView,
  { livemode, expand }: Asked,
  intent: IntentView | undefined,
): string | Stripe.PaymentIntent | null {
  if (intent) return paymentIntent(intent, { livemode, expand: below(expand, 'payment_intent') });
  return session.intentId && showId('intent', session.intentId);
}

export function lineItemList(session: SessionView): List<Stripe.LineItem> {
  const items = session.lineItems.map((item) => lineItem(item, session));
  return wholeList(`/v1/checkout/sessions/${session.shownId}/line_items`, items);
}

/** Its price is null: Florin keeps no catalogue, the amounts stand on the line. */
function lineItem(item: LineItemView, session: SessionView): Stripe.LineItem {
  return {
    id: showId('lineItem', item.id),
    object: 'item',
    adjustable_quantity: null,
    amount_discount: 0,
    amount_subtotal: minor(item.amount),
    amount_tax: 0,
    amount_total: minor(item.amount),
    currency: small(session.currency),
    description: item.name,
    metadata: null,
    price: null,
    quantity: item.quantity,
  };
}
