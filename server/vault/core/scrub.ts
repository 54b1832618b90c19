import { brandOf, brands, passesLuhn } from '../frame/card.ts';
import type { Json } from './placeholders.ts';

/** What the request carried: an answer may echo it. */
export interface Sent {
  number?: string | undefined;
  code?: string | undefined;
}

const removed = '[removed]';
const codeName = /cvc|cvv|security|\b(csc|cid)\b|verification.?(code|value)/i;
/** Under such a name the sent code alone is taken for it: 737 is more often a reason than a code that came back. */
const maybeCodeName = /(?<!currency.?|country.?|status.?)code/i;
/** Never taken for card data by their looks: without its names and amounts, money is lost track of. */
const factName = /(id|reference|key|token|amount|fee|status|code)$/i;
const numberLike = /\d(?:[ -]?\d){11,18}/g;
/** Fewer characters than the shortest number has digits, and none that stands for several. */
const tooShort = /^[\x20-\x7e]{0,11}$/;
/** "CVC 123 is wrong": a code right behind its own name. Elsewhere three digits are an amount or a part of an id. */
const namedCode = new RegExp(`((?:${codeName.source})\\D{0,20})(\\d{3,4})(?!\\d)`, 'gi');

/**
 * Takes card data out of a provider's answers, and what PostgreSQL cannot hold: NUL and half surrogate pairs. Card data
 * is the number that was sent, whatever separates its digits, also in full-width digits, hex and base64; the
 * verification code where it stands alone or under its own name; and every other text that could be a card number.
 *
 * No pattern is made of a secret: the engine keeps the patterns it has compiled.
 */
export function makeScrubber({ number, code }: Sent) {
  const hex = number && Buffer.from(number).toString('hex');
  const encoded = number ? base64Forms(number) : [];

  function json(value: Json, name = ''): Json {
    if (Array.isArray(value)) return value.map((item) => json(item, name));
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [text(key, 'key'), json(item, key)]));
    }
    if (typeof value === 'string') return text(value, name);
    if (typeof value !== 'number') return value;
    const digits = String(value);
    // A number of 19 digits was rounded as it was read.
    if (number && Math.abs(value) === Number(number)) return removed;
    return isCode(digits, name) || withoutNumbers(digits, name) !== digits ? removed : value;
  }

  /** Also for an answer that is not JSON: an error page, as a rule. */
  function text(raw: string, name = ''): string {
    const said = raw.replaceAll('\0', '').toWellFormed();
    if (isCode(said, name)) return removed;
    return withoutCode(withoutNumbers(said, name));
  }

  function isCode(said: string, name: string): boolean {
    if (code === undefined) return false;
    const plain = said.normalize('NFKC').trim();
    if (codeName.test(name) && plain.includes(code)) return true;
    // As a number, 012 has become 12.
    if (codeName.test(name) || maybeCodeName.test(name)) return plain.padStart(code.length, '0') === code;
    return plain === code && !factName.test(name);
  }

  function withoutNumbers(said: string, name: string): string {
    if (tooShort.test(said)) return said;
    const unknown = number && hex ? withoutSent(said, [number, hex]) : said;
    if (factName.test(name)) return unknown;
    return unknown.replace(numberLike, (found) => (looksLikeNumber(found.replace(/\D/g, '')) ? removed : found));
  }

  function withoutSent(said: string, forms: readonly string[]): string {
    const plain = said.normalize('NFKC');
    const digits = plain.replace(/\D+/g, '');
    const clean = forms.some((form) => digits.includes(form)) ? forms.reduce(withoutDigits, plain) : said;
    return encoded.reduce((left, form) => left.replaceAll(form, removed), clean);
  }

  function withoutCode(said: string): string {
    if (!code) return said;
    return said.replace(namedCode, (found, before: string, ...groups: string[]) =>
      groups.includes(code) ? before + removed : found,
    );
  }

  return { json, text };
}

/** Takes out every place where these digits follow each other, with all that stands between them. */
function withoutDigits(said: string, digits: string): string {
  const places = [...said.matchAll(/\d/g)].map(({ index }) => index);
  const all = places.map((place) => said[place]).join('');
  let clean = '';
  let end = 0;
  for (let at = all.indexOf(digits); at >= 0; at = all.indexOf(digits, at + digits.length)) {
    clean += said.slice(end, places[at]) + removed;
    end = (places[at + digits.length - 1] ?? said.length) + 1;
  }
  return clean + said.slice(end);
}

/** The part of its base64 that is the same whatever stands around, for each of the three alignments. */
function base64Forms(number: string): string[] {
  return [0, 1, 2].map((before) => {
    const bytes = Buffer.from('\0'.repeat(before) + number);
    const whole = Math.floor((bytes.length * 8) / 6);
    return bytes.toString('base64').slice(Math.ceil((before * 8) / 6), whole);
  });
}

function looksLikeNumber(digits: string): boolean {
  const brand = brandOf(digits);
  return brand !== undefined && brands[brand].lengths.includes(digits.length) && passesLuhn(digits);
}
