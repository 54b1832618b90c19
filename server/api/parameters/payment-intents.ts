import type Stripe from 'stripe';
import { expandField } from '../expand.ts';
import * as fields from './fields.ts';
import type { Left } from './read.ts';
import { reasons } from './unsupported.ts';

/** Left out, `false` and these words ask for nothing that Florin would not do anyway. */
const harmless = {
  error_on_requires_action: fields.optional(fields.flag),
  off_session: fields.optional(fields.only(['false'], `Only false is taken here: ${reasons.savedCards}`)),
  use_stripe_sdk: fields.optional(fields.only(['false'], `Only false is taken here: ${reasons.redirects}`)),
};

const createSchema = fields
  .hash({
    ...harmless,
    amount: fields.amount(),
    currency: fields.currency,
    automatic_payment_methods: fields.optional(
      fields.hash({ enabled: fields.flag, allow_redirects: fields.optional(fields.oneOf(['always', 'never'])) }),
    ),
    capture_method: fields.optional(fields.oneOf(['automatic', 'automatic_async', 'manual'])),
    confirm: fields.optional(fields.flag),
    confirmation_method: fields.optional(
      fields.only(['automatic'], 'Only automatic is taken here: a payment intent is confirmed once, by your server'),
    ),
    description: fields.optional(fields.text({ atMost: 1000 })),
    expand: expandField,
    metadata: fields.metadata,
    payment_details: fields.optional(fields.hash({ order_reference: fields.optional(fields.text({ atMost: 200 })) })),
    payment_method: fields.optional(fields.text({ atMost: 200 })),
    payment_method_types: fields.optional(
      fields.list(fields.only(['card'], `Only card is taken here: ${reasons.cards}`), { atMost: 1 }),
    ),
    receipt_email: fields.optional(fields.email),
  })
  .superRefine(({ confirm, payment_method }, ctx) => {
    if (confirm && !payment_method) {
      ctx.addIssue({ code: 'custom', path: ['payment_method'], message: '', params: { code: 'parameter_missing' } });
    }
    if (payment_method && !confirm) {
      const message = 'Florin keeps no payment method for later: send it with confirm=true, or when you confirm';
      ctx.addIssue({ code: 'custom', path: ['payment_method'], message });
    }
  });

const confirmSchema = fields.hash({
  ...harmless,
  payment_method: fields.text({ atMost: 200 }),
  expand: expandField,
});

const captureSchema = fields.hash({
  amount_to_capture: fields.optional(fields.amount()),
  final_capture: fields.optional(fields.only(['true'], 'Only true is taken here: a capture releases what it leaves')),
  expand: expandField,
});

const cancelSchema = fields.hash({
  cancellation_reason: fields.optional(fields.oneOf(['duplicate', 'fraudulent', 'requested_by_customer', 'abandoned'])),
  expand: expandField,
});

const onIntents = {
  allowed_payment_method_types: reasons.cards,
  amount_details: reasons.details,
  confirmation_token: reasons.savedCards,
  excluded_payment_method_types: reasons.cards,
  hooks: reasons.hooks,
  mandate: reasons.savedCards,
  mandate_data: reasons.savedCards,
  payment_method_data: reasons.cardData,
  payment_method_options: reasons.cards,
  radar_options: reasons.risk,
  return_url: reasons.redirects,
  setup_future_usage: reasons.savedCards,
  shipping: reasons.shipping,
};

export const createParameters = {
  schema: createSchema,
  unsupported: {
    ...onIntents,
    application_fee_amount: reasons.connect,
    customer: reasons.customers,
    customer_account: reasons.customers,
    on_behalf_of: reasons.connect,
    payment_method_configuration: reasons.cards,
    statement_descriptor: reasons.descriptor,
    statement_descriptor_suffix: reasons.descriptor,
    transfer_data: reasons.connect,
    transfer_group: reasons.connect,
  } satisfies Left<Stripe.PaymentIntentCreateParams, typeof createSchema>,
};

export const confirmParameters = {
  schema: confirmSchema,
  unsupported: {
    ...onIntents,
    amount_to_confirm: reasons.amounts,
    capture_method: reasons.fixed,
    payment_details: reasons.fixed,
    receipt_email: reasons.fixed,
  } satisfies Left<Stripe.PaymentIntentConfirmParams, typeof confirmSchema>,
};

export const captureParameters = {
  schema: captureSchema,
  unsupported: {
    amount_details: reasons.details,
    application_fee_amount: reasons.connect,
    hooks: reasons.hooks,
    metadata: reasons.fixed,
    payment_details: reasons.fixed,
    statement_descriptor: reasons.descriptor,
    statement_descriptor_suffix: reasons.descriptor,
    transfer_data: reasons.connect,
  } satisfies Left<Stripe.PaymentIntentCaptureParams, typeof captureSchema>,
};

export const cancelParameters = {
  schema: cancelSchema,
  unsupported: {} satisfies Left<Stripe.PaymentIntentCancelParams, typeof cancelSchema>,
};
