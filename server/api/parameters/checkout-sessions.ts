import type Stripe from 'stripe';
import { expandField } from '../expand.ts';
import * as fields from './fields.ts';
import type { Left } from './read.ts';
import { reasons } from './unsupported.ts';

const off = (reason: string) => fields.optional(fields.only(['false'], `Only false is taken here: ${reason}`));
const plain = <const W extends readonly string[]>(words: W) =>
  fields.optional(fields.only(words, `Only ${words.join(' and ')} are taken here: ${reasons.checkoutPage}`));

const lineItem = fields.hash({
  price_data: fields.hash({
    currency: fields.currency,
    unit_amount: fields.amount({ atLeast: 0 }),
    product_data: fields.hash({
      name: fields.text({ atMost: 250 }),
      description: fields.optional(fields.text({ atMost: 1000 })),
    }),
  }),
  quantity: fields.whole,
});

const createSchema = fields
  .hash({
    allow_promotion_codes: off(reasons.checkoutPage),
    automatic_tax: fields.optional(fields.hash({ enabled: off(reasons.hooks) })),
    billing_address_collection: plain(['auto']),
    cancel_url: fields.optional(fields.link),
    client_reference_id: fields.optional(fields.text({ atMost: 200 })),
    currency: fields.optional(fields.currency),
    customer_creation: plain(['if_required']),
    customer_email: fields.optional(fields.email),
    expand: expandField,
    expires_at: fields.optional(fields.moment),
    line_items: fields.list(lineItem, { atMost: 100 }),
    locale: plain(['auto', 'en']),
    metadata: fields.metadata,
    mode: fields.only(['payment'], `Only payment is taken here: ${reasons.subscriptions}`),
    payment_intent_data: fields.optional(
      fields.hash({ capture_method: fields.optional(fields.oneOf(['automatic', 'automatic_async', 'manual'])) }),
    ),
    payment_method_types: fields.optional(
      fields.list(fields.only(['card'], `Only card is taken here: ${reasons.cards}`), { atMost: 1 }),
    ),
    phone_number_collection: fields.optional(fields.hash({ enabled: off(reasons.checkoutPage) })),
    submit_type: plain(['auto', 'pay']),
    success_url: fields.link,
    ui_mode: fields.optional(
      fields.only(['hosted_page', 'hosted'], 'Only hosted_page is taken here: the checkout is a page of its own'),
    ),
  })
  .superRefine(({ currency, line_items }, ctx) => {
    const first = currency ?? line_items[0]?.price_data.currency;
    const stranger = line_items.findIndex(({ price_data }) => price_data.currency !== first);
    if (stranger < 0) return;
    const path = ['line_items', stranger, 'price_data', 'currency'];
    ctx.addIssue({ code: 'custom', path, message: 'All line items must be in one currency' });
  });

const nested = {
  'line_items[][adjustable_quantity]': reasons.checkoutPage,
  'line_items[][dynamic_tax_rates]': reasons.hooks,
  'line_items[][metadata]': reasons.details,
  'line_items[][price]': reasons.catalogue,
  'line_items[][tax_rates]': reasons.hooks,
  'line_items[][price_data][product]': reasons.catalogue,
  'line_items[][price_data][product_data][images]': reasons.checkoutPage,
  'line_items[][price_data][product_data][metadata]': reasons.details,
  'line_items[][price_data][product_data][tax_code]': reasons.hooks,
  'line_items[][price_data][recurring]': reasons.subscriptions,
  'line_items[][price_data][tax_behavior]': reasons.hooks,
  'line_items[][price_data][unit_amount_decimal]': 'it counts in whole minor units; send unit_amount',
  'payment_intent_data[application_fee_amount]': reasons.connect,
  'payment_intent_data[description]': reasons.details,
  'payment_intent_data[metadata]': 'the metadata of the session is what you get back',
  'payment_intent_data[on_behalf_of]': reasons.connect,
  'payment_intent_data[receipt_email]': 'send customer_email',
  'payment_intent_data[setup_future_usage]': reasons.savedCards,
  'payment_intent_data[shipping]': reasons.shipping,
  'payment_intent_data[statement_descriptor]': reasons.descriptor,
  'payment_intent_data[statement_descriptor_suffix]': reasons.descriptor,
  'payment_intent_data[transfer_data]': reasons.connect,
  'payment_intent_data[transfer_group]': reasons.connect,
};

export const createParameters = {
  schema: createSchema,
  unsupported: {
    adaptive_pricing: reasons.checkoutPage,
    after_expiration: reasons.checkoutPage,
    allowed_payment_method_types: reasons.cards,
    branding_settings: reasons.checkoutPage,
    consent_collection: reasons.checkoutPage,
    custom_fields: reasons.checkoutPage,
    custom_text: reasons.checkoutPage,
    customer: reasons.customers,
    customer_account: reasons.customers,
    customer_update: reasons.customers,
    discounts: reasons.checkoutPage,
    excluded_payment_method_types: reasons.cards,
    integration_identifier: 'it knows an integration by its API key',
    invoice_creation: reasons.subscriptions,
    managed_payments: reasons.managed,
    name_collection: reasons.checkoutPage,
    optional_items: reasons.checkoutPage,
    origin_context: reasons.checkoutPage,
    payment_method_collection: reasons.subscriptions,
    payment_method_configuration: reasons.cards,
    payment_method_data: reasons.savedCards,
    payment_method_options: reasons.cards,
    permissions: reasons.checkoutPage,
    redirect_on_completion: 'the checkout is a page of its own and returns to success_url',
    return_url: 'the checkout is a page of its own and returns to success_url',
    saved_payment_method_options: reasons.savedCards,
    setup_intent_data: reasons.savedCards,
    shipping_address_collection: reasons.shipping,
    shipping_options: reasons.shipping,
    subscription_data: reasons.subscriptions,
    tax_id_collection: reasons.checkoutPage,
    wallet_options: reasons.cards,
    ...nested,
  } satisfies Left<Stripe.Checkout.SessionCreateParams, typeof createSchema>,
};
