import { z } from 'zod';

/** Ids become parts of paths: nothing in them may lead elsewhere. */
const ref = z.string().regex(/^[\w-]{1,120}$/);

/** Not part of the decision: whatever stands there instead of text, the decision counts. */
const word = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const units = z.int().min(0);
const marks = z.record(z.string(), z.string()).catch({});

/** Why a card, or a request, was not accepted. */
export const failure = z.object({ type: word, code: word, decline_code: word, message: word, param: word });

const balance = z.object({ fee: units, currency: z.string() });
const charge = z.object({ id: ref, balance_transaction: balance.optional().catch(undefined) });

/** What we read of an intent, which at Stripe is authorisation, capture and void in one. */
export const intentForm = z.object({
  object: z.literal('payment_intent'),
  id: ref,
  status: z.string(),
  amount: units,
  amount_capturable: units,
  amount_received: units,
  currency: z.string(),
  metadata: marks,
  last_payment_error: failure.nullish().catch(undefined),
  cancellation_reason: word,
  latest_charge: z
    .union([charge, ref.transform((id) => ({ id, balance_transaction: undefined }))])
    .nullish()
    .catch(undefined),
  next_action: z
    .object({ redirect_to_url: z.object({ url: z.url({ protocol: /^https?$/ }) }) })
    .nullish()
    .catch(undefined),
});

export type Intent = z.output<typeof intentForm>;

export const refundForm = z.object({
  object: z.literal('refund'),
  id: ref,
  status: z.string(),
  amount: units,
  currency: z.string(),
  charge: ref,
  metadata: marks,
  failure_reason: word,
  reason: word,
});

export type Refund = z.output<typeof refundForm>;

export const disputeForm = z.object({
  object: z.literal('dispute'),
  id: ref,
  status: z.string(),
  amount: units,
  currency: z.string(),
  charge: ref,
});

/** Anything that a list goes on after. */
export const namedForm = z.object({ id: ref });

/** One page of a list, its items as they came. */
export const listForm = z.object({ object: z.literal('list'), data: z.array(z.unknown()), has_more: z.boolean() });

export const errorForm = z.object({ error: failure.extend({ type: z.string() }) });

/** What the timeline shows of an answer; any field beside these is left out. */
const shown = z.object({
  object: word,
  id: word,
  status: word,
  amount: number,
  amount_capturable: number,
  amount_received: number,
  currency: word,
  charge: word,
  latest_charge: charge.pick({ id: true }).or(ref).optional().catch(undefined),
  reason: word,
  cancellation_reason: word,
  failure_reason: word,
  last_payment_error: failure.optional().catch(undefined),
  error: failure.optional().catch(undefined),
});

/** The listed fields of an answer, or of the part of it that is meant; undefined where it has none. */
export function shownOf(body: unknown): object | undefined {
  const kept = shown.safeParse(body);
  return kept.success ? kept.data : undefined;
}
