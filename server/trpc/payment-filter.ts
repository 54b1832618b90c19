import { z } from 'zod';
import { type Currency, parseMoney, requireCurrency } from '#server/kernel/money.ts';
import { Refusal } from '#server/kernel/refusal.ts';
import { diagram } from '#server/payments/diagram.ts';
import type { PaymentFilter, PaymentState } from '#server/payments/view.ts';
import { plainText } from './plain-text.ts';

const { states } = diagram();
const day = z.iso.date('Write a day like this: 2026-11-21');
const decimal = z.string().trim().max(20);

/** Filters as the list's address holds them: texts, each as a person would write it. */
export const FilterInput = z.strictObject({
  state: z.array(z.string()).max(states.length).optional(),
  currency: z.string().optional(),
  /** Decimals of the filter's currency, or else of the merchant's own. */
  min: decimal.optional(),
  max: decimal.optional(),
  /** First and last day, both whole, in UTC. */
  from: day.optional(),
  to: day.optional(),
  provider: plainText(40).optional(),
  last4: z
    .string()
    .regex(/^\d{4}$/, 'Write the last four digits of the card')
    .optional(),
  q: plainText(254).optional(),
});

export type FilterInput = z.infer<typeof FilterInput>;

/**
 * What the payments room is asked with. An amount without a currency means the merchant's own, and then only payments
 * in it: ¥500 and €5.00 are the same number of minor units.
 *
 * @throws Refusal `invalid_input`, `currency_unsupported`, `amount_invalid`.
 */
export function filterOf(input: FilterInput, home: Currency): PaymentFilter {
  const { state, min, max, from, to, provider, last4, q } = input;
  const counted = min !== undefined || max !== undefined;
  const currency = input.currency ? requireCurrency(input.currency) : counted ? home : undefined;
  return {
    ...(state?.length ? { states: state.map(requireState) } : {}),
    ...(currency ? { currency } : {}),
    ...(min === undefined ? {} : { amountFrom: parseMoney(min, currency ?? home).amount }),
    ...(max === undefined ? {} : { amountTo: parseMoney(max, currency ?? home).amount }),
    ...(from ? { createdFrom: new Date(`${from}T00:00:00.000Z`) } : {}),
    ...(to ? { createdTo: new Date(`${to}T23:59:59.999Z`) } : {}),
    ...(provider ? { provider } : {}),
    ...(last4 ? { last4 } : {}),
    ...(q ? { search: q } : {}),
  };
}

function requireState(text: string): PaymentState {
  const state = states.find((known) => known === text);
  if (!state) throw new Refusal('invalid_input', `There is no state '${text.slice(0, 40)}'.`, { param: 'state' });
  return state;
}
