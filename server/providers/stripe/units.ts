import type { Currency } from '#server/kernel/money.ts';
import { isCurrency } from '#server/kernel/money.ts';

/**
 * Without decimals in ISO 4217, with two on Stripe's wire. The vault's allow-list says the same.
 * @see https://docs.stripe.com/currencies#special-cases
 */
const hundredths: readonly string[] = ['ISK', 'UGX'];

/** An amount as Stripe writes it. */
export function toUnits(amount: bigint, currency: Currency): number {
  return Number(hundredths.includes(currency) ? amount * 100n : amount);
}

/** The amount and currency that Stripe means; undefined where they are none of ours. */
export function fromUnits(units: number, code: string): { amount: bigint; currency: Currency } | undefined {
  const currency = code.toUpperCase();
  if (!isCurrency(currency)) return undefined;
  if (!hundredths.includes(currency)) return { amount: BigInt(units), currency };
  return units % 100 === 0 ? { amount: BigInt(units / 100), currency } : undefined;
}
