// Runs in the browser and in the vault process: what a card number, an expiry date and a verification code look like.

export type Brand = 'visa' | 'mastercard' | 'amex' | 'discover' | 'diners' | 'jcb' | 'unionpay';

interface BrandRule {
  name: string;
  /** First digits, as single values or ranges of one width. */
  prefixes: string[];
  /** How many digits a number has, the usual count first. */
  lengths: number[];
  /** How many digits the verification code has. */
  code: 3 | 4;
}

/** @see ISO/IEC 7812: issuer identification numbers, as the networks publish their ranges. */
// biome-ignore format: one row per brand
export const brands: Record<Brand, BrandRule> = {
  visa:       { name: 'Visa',             prefixes: ['4'],                                 lengths: [16, 13, 19],             code: 3 },
  mastercard: { name: 'Mastercard',       prefixes: ['51-55', '2221-2720'],                lengths: [16],                     code: 3 },
  amex:       { name: 'American Express', prefixes: ['34', '37'],                          lengths: [15],                     code: 4 },
  discover:   { name: 'Discover',         prefixes: ['6011', '644-649', '65'],             lengths: [16, 17, 18, 19],         code: 3 },
  diners:     { name: 'Diners Club',      prefixes: ['300-305', '3095', '36', '38-39'],    lengths: [14, 15, 16, 17, 18, 19], code: 3 },
  jcb:        { name: 'JCB',              prefixes: ['3528-3589'],                         lengths: [16, 17, 18, 19],         code: 3 },
  unionpay:   { name: 'UnionPay',         prefixes: ['62', '81'],                          lengths: [16, 17, 18, 19],         code: 3 },
};

const longestNumber = 19;
const longestPrefix = 4;
/** Cards are issued for a few years; a date further off is a slip of the finger. */
const furthestYears = 20;

/** The digits of a text, those of other scripts included; everything else is dropped. */
export function digitsOf(text: string): string {
  const ascii = text
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 15));
  return ascii.replace(/\D/g, '');
}

/** The brand as soon as the first digits tell. */
export function brandOf(digits: string): Brand | undefined {
  return (Object.keys(brands) as Brand[]).find((brand) =>
    brands[brand].prefixes.some((range) => starts(digits, range)),
  );
}

function starts(digits: string, range: string): boolean {
  const [from = '', to = from] = range.split('-');
  const head = digits.slice(0, from.length);
  return head.length === from.length && from <= head && head <= to;
}

export function longestOf(brand: Brand | undefined): number {
  return brand ? Math.max(...brands[brand].lengths) : longestNumber;
}

/** How many digits its verification code has; 3 is by far the most common. */
export function codeLength(brand: Brand | undefined): 3 | 4 {
  return brand ? brands[brand].code : 3;
}

/** In groups as printed on the card: 4-4-4-4, American Express 4-6-5, Diners with 14 digits 4-6-4. */
export function formatNumber(digits: string): string {
  const brand = brandOf(digits);
  const ends = brand === 'amex' || (brand === 'diners' && digits.length <= 14) ? [4, 10] : [4, 8, 12, 16];
  return [...digits].map((digit, at) => (ends.includes(at) ? ` ${digit}` : digit)).join('');
}

/** The check digit. @see ISO/IEC 7812-1, annex B. */
export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits.at(-1 - place));
    const doubled = place % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

export type NumberFault = 'number_missing' | 'number_incomplete' | 'number_invalid' | 'number_unsupported';

/** What is wrong with a number, undefined where nothing is. */
export function numberFault(digits: string): NumberFault | undefined {
  if (digits === '') return 'number_missing';
  const brand = brandOf(digits);
  if (!brand) return digits.length < longestPrefix ? 'number_incomplete' : 'number_unsupported';
  const { lengths } = brands[brand];
  if (lengths.includes(digits.length) && passesLuhn(digits)) return undefined;
  return digits.length < (lengths[0] ?? longestNumber) ? 'number_incomplete' : 'number_invalid';
}

export interface Expiry {
  month: number;
  /** Four digits. */
  year: number;
}

/** Month and year of "01 / 29"; undefined where a part is missing. */
export function readExpiry(text: string): Expiry | undefined {
  const parts = /^(\d{2})\D+(\d{2})$/.exec(text);
  return parts ? { month: Number(parts[1]), year: 2000 + Number(parts[2]) } : undefined;
}

export type ExpiryFault = 'expiry_missing' | 'expiry_incomplete' | 'expiry_month' | 'expiry_past' | 'expiry_far';

/** What is wrong with an expiry date; a card is good to the last day of its month, wherever the shopper is. */
export function expiryFault({ month, year }: Expiry, now: Date): ExpiryFault | undefined {
  if (!Number.isInteger(month) || month < 1 || month > 12) return 'expiry_month';
  // Twelve hours behind UTC a month ends when the next one is half a day old.
  const behind = new Date(now.getTime() - 12 * 3_600_000);
  const months = (year - behind.getUTCFullYear()) * 12 + (month - 1 - behind.getUTCMonth());
  if (!Number.isInteger(year) || months < 0) return 'expiry_past';
  return months > furthestYears * 12 ? 'expiry_far' : undefined;
}

export type CodeFault = 'cvc_missing' | 'cvc_incomplete';

export function codeFault(code: string, brand: Brand | undefined): CodeFault | undefined {
  if (code === '') return 'cvc_missing';
  // Without a brand either length will do: the number's own fault is told first.
  const fits = brand ? code.length === codeLength(brand) : code.length === 3 || code.length === 4;
  return fits ? undefined : 'cvc_incomplete';
}

export type Fault = NumberFault | ExpiryFault | CodeFault;
