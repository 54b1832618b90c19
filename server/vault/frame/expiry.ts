import { digitsOf } from './card.ts';

/**
 * Writes an expiry date as it stands on the card, "01 / 29", however it is typed or pasted: "1/29", "01/2029", "0129",
 * "012029", "2029-01".
 *
 * @param deleting  The shopper is taking characters away: the separator is not put back behind a bare month.
 */
export function formatExpiry(text: string, { deleting = false }: { deleting?: boolean } = {}): string {
  const { month, year } = split(text);
  if (month.length < 2 || (deleting && year === '')) return month;
  return `${month} / ${shortYear(year)}`;
}

function split(text: string): { month: string; year: string } {
  const iso = /^\s*(20\d\d)-(\d\d)\s*$/.exec(text);
  if (iso) return { month: iso[2] ?? '', year: iso[1] ?? '' };
  const [head = '', ...tail] = text.split(/[/.\-\u2044\u2215]|(?<=\d)\s+(?=\d)/);
  const month = digitsOf(head);
  if (tail.length > 0 && (month.length === 1 || month.length === 2)) {
    return { month: month.padStart(2, '0'), year: digitsOf(tail.join('')) };
  }
  return splitDigits(digitsOf(text));
}

/** A first digit of 2 can only be February; 13 can only be January and the first digit of a year. */
function splitDigits(digits: string): { month: string; year: string } {
  if (digits === '' || digits === '0' || digits === '1') return { month: digits, year: '' };
  const width = digits.length > 1 && Number(digits.slice(0, 2)) <= 12 ? 2 : 1;
  return { month: digits.slice(0, width).padStart(2, '0'), year: digits.slice(width) };
}

/** Two digits; "20" may be the beginning of "2029", so that a third and a fourth digit are let in. */
function shortYear(year: string): string {
  if (!year.startsWith('20')) return year.slice(0, 2);
  return year.length >= 4 ? year.slice(2, 4) : year;
}
