import type Stripe from 'stripe';
import { expandField } from '../expand.ts';
import * as fields from './fields.ts';
import type { Left } from './read.ts';
import { reasons } from './unsupported.ts';

const createSchema = fields
  .hash({
    amount: fields.optional(fields.amount()),
    charge: fields.optional(fields.text({ atMost: 200 })),
    expand: expandField,
    payment_intent: fields.optional(fields.text({ atMost: 200 })),
    reason: fields.optional(fields.oneOf(['duplicate', 'fraudulent', 'requested_by_customer'])),
    refund_application_fee: fields.optional(fields.only(['false'], `Only false is taken here: ${reasons.connect}`)),
    reverse_transfer: fields.optional(fields.only(['false'], `Only false is taken here: ${reasons.connect}`)),
  })
  .superRefine(({ charge, payment_intent }, ctx) => {
    if (Boolean(charge) !== Boolean(payment_intent)) return;
    const message = charge
      ? 'You may only specify one of these parameters: payment_intent, charge.'
      : 'One of the following params should be provided for this request: payment_intent or charge.';
    ctx.addIssue({ code: 'custom', message, params: { code: charge ? 'parameters_exclusive' : undefined } });
  });

export const createParameters = {
  schema: createSchema,
  unsupported: {
    currency: 'a refund is in the currency of its charge',
    customer: reasons.customers,
    instructions_email: reasons.cards,
    metadata: reasons.refundMetadata,
    origin: reasons.customers,
  } satisfies Left<Stripe.RefundCreateParams, typeof createSchema>,
};
