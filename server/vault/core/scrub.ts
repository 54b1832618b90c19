import { brandOf, brands, passesLuhn } from '../frame/card.ts';
import type { Json } from './placeholders.ts';

/** What the request carried: an answer may echo it. */
export interface Sent {
  number?: string | undefined;
  code?: string | undefined;
}

const removed = '[removed]';
const codeName = /cvc|cvv|\b(csc|cid)\b|security.?code|verification.?(code|value)/i;
/** Never taken for card data by their looks: without its names and amounts, money is lost track of. */
const factName = /(id|reference|key|token|amount|fee|status|code)$/i;
const numberLike = /\d(?:[ -]?\d){11,18}/g;

/**
 * A provider's answer without card data: the number that was sent, whatever separates its digits; the verification code
 * where it stands alone or under its own name; and every other text that could be a card number.
 */
export function scrub(value: Json, sent: Sent, name = ''): Json {
  if (Array.isArray(value)) return value.map((item) => scrub(item, sent, name));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [scrubText(key, sent, 'key'), scrub(item, sent, key)]),
    );
  }
  if (typeof value === 'string') return scrubText(value, sent, name);
  if (typeof value !== 'number') return value;
  const text = String(value);
  return isCardData(text, sent, name) || withoutNumbers(text, sent, name) !== text ? removed : value;
}

/** An answer that is not JSON: an error page, as a rule. */
export function scrubText(text: string, sent: Sent, name = ''): string {
  if (isCardData(text, sent, name) || (text === sent.code && !factName.test(name))) return removed;
  return withoutCode(withoutNumbers(text, sent, name), sent);
}

function isCardData(text: string, { number, code }: Sent, name: string): boolean {
  return text === number || (code !== undefined && text.includes(code) && codeName.test(name));
}

function withoutNumbers(text: string, { number }: Sent, name: string): string {
  const known = number ? text.replace(new RegExp([...number].join('[\\s.-]*'), 'g'), removed) : text;
  if (factName.test(name)) return known;
  return known.replace(numberLike, (found) => (looksLikeNumber(found.replace(/\D/g, '')) ? removed : found));
}

function looksLikeNumber(digits: string): boolean {
  const brand = brandOf(digits);
  return brand !== undefined && brands[brand].lengths.includes(digits.length) && passesLuhn(digits);
}

/** "CVC 123 is wrong": the code right behind its own name. Elsewhere three digits are an amount or a part of an id. */
function withoutCode(text: string, { code }: Sent): string {
  if (!code) return text;
  return text.replace(new RegExp(`((?:${codeName.source})\\D{0,20})${code}(?!\\d)`, 'gi'), `$1${removed}`);
}
