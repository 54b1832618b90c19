import { Refusal } from './refusal.ts';

/**
 * ISO 4217 codes that Florin takes, with their minor unit: how many decimals the currency has.
 * @see ISO 4217, column "minor unit"; zero and three decimals as listed there.
 */
// biome-ignore format: a table
export const currencies = {
  AUD: 2, BGN: 2, BHD: 3, BIF: 0, BRL: 2, CAD: 2, CHF: 2, CLP: 0, CZK: 2, DJF: 0, DKK: 2, EUR: 2, GBP: 2, GNF: 0,
  HKD: 2, HUF: 2, ILS: 2, INR: 2, ISK: 0, JOD: 3, JPY: 0, KMF: 0, KRW: 0, KWD: 3, MGA: 0, MXN: 2, MYR: 2, NOK: 2,
  NZD: 2, OMR: 3, PHP: 2, PLN: 2, PYG: 0, RON: 2, RSD: 2, RWF: 0, SEK: 2, SGD: 2, THB: 2, TND: 3, TRY: 2, UGX: 0,
  USD: 2, VND: 0, VUV: 0, XAF: 0, XOF: 0, XPF: 0, ZAR: 2,
} as const satisfies Record<string, 0 | 2 | 3>;

export type Currency = keyof typeof currencies;

/** Integer minor units: 1234n EUR is €12.34, 500n JPY is ¥500. */
export interface Money {
  amount: bigint;
  currency: Currency;
}

/** Eight digits of minor units, the most that the wire format carries. */
export const largestAmount = 99_999_999n;

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(currencies, text);
}

/** @throws Refusal `currency_unsupported`. Takes either case, as the wire format writes codes small. */
export function requireCurrency(text: string): Currency {
  const code = text.toUpperCase();
  if (!isCurrency(code)) {
    throw new Refusal('currency_unsupported', `Invalid currency: ${text.slice(0, 10)}. Send an ISO 4217 code.`, {
      param: 'currency',
    });
  }
  return code;
}

/**
 * Reads a decimal amount exactly; floating point never touches money.
 *
 * @param text  Digits with at most the currency's own decimals: "12.34" EUR, "500" JPY.
 * @returns     Minor units: 1234n for EUR, 500n for JPY; "1.5" KWD is 1500n.
 * @throws      Refusal `amount_invalid` on a sign, an exponent or a digit too many: rounding is the merchant's
 * decision.
 * @see         ISO 4217, column "minor unit": JPY 0, EUR 2, KWD 3.
 */
export function parseMoney(text: string, currency: Currency): Money {
  const decimals = currencies[currency];
  const parts = /^(\d{1,12})(?:\.(\d+))?$/.exec(text.trim());
  const fraction = parts?.[2] ?? '';
  if (!parts || fraction.length > decimals) {
    const example = decimals === 0 ? '12' : `12.${'5'.padEnd(decimals, '0')}`;
    throw new Refusal('amount_invalid', `Write the amount in ${currency} like this: ${example}`, { param: 'amount' });
  }
  return { amount: BigInt(`${parts[1]}${fraction.padEnd(decimals, '0')}`), currency };
}

/** The amount as plain decimal text, "12.34": what `parseMoney` reads back. */
export function plainAmount({ amount, currency }: Money): string {
  const decimals = currencies[currency];
  if (decimals === 0) return amount.toString();
  const text = amount.toString().padStart(decimals + 1, '0');
  return `${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}

/** The amount as people read it, "€12.34"; exact, since `Intl` is handed decimal text and not a float. */
export function formatMoney(money: Money, locale = 'en'): string {
  const decimals = currencies[money.currency];
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return format.format(plainAmount(money) as Intl.StringNumericLiteral);
}
