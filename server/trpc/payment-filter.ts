import { z } from 'zod';
import { type Currency, isCurrency, parseMoney, requireCurrency } from '#server/kernel/money.ts';
import { diagram } from '#server/payments/diagram.ts';
import type { PaymentFilter, PaymentState } from '#server/payments/view.ts';

const { states } = diagram();
const isState = (text: unknown): text is PaymentState => states.some((state) => state === text);
const day = z.iso.date('Write a day like this: 2026-11-21');
const decimal = z.string().trim().max(20);

/** Filters as the list's address holds them: texts, each as a person would write it. */
export const FilterInput = z.strictObject({
  state: z.array(z.custom<PaymentState>(isState, 'There is no such state')).max(states.length).optional(),
  currency: z
    .custom<Currency>((text) => typeof text === 'string' && isCurrency(text), 'There is no such currency')
    .optional(),
  /** Decimals of the filter's currency, or else of the merchant's own. */
  min: decimal.optional(),
  max: decimal.optional(),
  /** First and last day, both whole, in UTC. */
  from: day.optional(),
  to: day.optional(),
  provider: z.string().trim().max(40).optional(),
  last4: z
    .string()
    .regex(/^\d{4}$/, 'Write the last four digits of the card')
    .optional(),
  q: z.string().trim().max(254).optional(),
});

export type FilterInput = z.infer<typeof FilterInput>;

/**
 * What the payments room is asked with. An amount without a currency means the merchant's own, and then only payments
 * in it: ¥500 and €5.00 are the same number of minor units.
 *
 * @throws Refusal `amount_invalid`.
 */
export function filterOf(input: FilterInput, home: Currency): PaymentFilter {
  const { state, min, max, from, to, provider, last4, q } = input;
  const counted = min !== undefined || max !== undefined;
  const currency = input.currency ?? (counted ? home : undefined);
  return {
    ...(state?.length ? { states: state } : {}),
    ...(currency ? { currency: requireCurrency(currency) } : {}),
    ...(min === undefined ? {} : { amountFrom: parseMoney(min, currency ?? home).amount }),
    ...(max === undefined ? {} : { amountTo: parseMoney(max, currency ?? home).amount }),
    ...(from ? { createdFrom: new Date(`${from}T00:00:00.000Z`) } : {}),
    ...(to ? { createdTo: new Date(`${to}T23:59:59.999Z`) } : {}),
    ...(provider ? { provider } : {}),
    ...(last4 ? { last4 } : {}),
    ...(q ? { search: q } : {}),
  };
}
