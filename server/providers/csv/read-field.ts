import { type Currency, currencies, isCurrency } from '#server/kernel/money.ts';
import { BadField } from './report.ts';

/** A code of a provider's as a word of ours. @throws BadField */
export function readWord<W>(words: Readonly<Record<string, W>>, text: string, column: string): W {
  const word = Object.hasOwn(words, text) ? words[text] : undefined;
  if (word === undefined) throw new BadField(`its ${column} "${text.slice(0, 40)}" is not known`);
  return word;
}

/** @throws BadField. Takes either case. */
export function readCurrency(text: string): Currency {
  const code = text.toUpperCase();
  if (!isCurrency(code)) throw new BadField(`its currency "${text.slice(0, 40)}" is not known`);
  return code;
}

/** Whole minor units with a sign, such as -1250. @throws BadField */
export function readUnits(text: string, column: string): bigint {
  if (!/^-?\d{1,15}$/.test(text)) throw new BadField(`its ${column} "${text.slice(0, 40)}" is no whole number`);
  return BigInt(text);
}

/**
 * Decimal text as minor units, with a sign; zeros beyond the currency's decimals say nothing.
 *
 * @param point  What stands before the decimals.
 * @throws BadField on anything that would have to be rounded.
 */
export function readDecimal(text: string, currency: Currency, { column, point }: { column: string; point: '.' | ',' }) {
  const [whole = '', fraction = '', ...more] = text.split(point);
  const decimals = currencies[currency];
  const kept = fraction.slice(0, decimals).padEnd(decimals, '0');
  const isWhole = more.length === 0 && /^-?\d{1,15}$/.test(whole) && /^\d*$/.test(fraction);
  if (!isWhole || /[1-9]/.test(fraction.slice(decimals)) || text.endsWith(point)) {
    throw new BadField(`its ${column} "${text.slice(0, 40)}" is no amount in ${currency}`);
  }
  return BigInt(`${whole}${kept}`);
}

/** @param iso  ISO 8601, as far as its digits go. @throws BadField where the calendar has no such moment. */
export function readMoment(iso: string, text: string, column: string): Date {
  const moment = new Date(iso);
  // The engine lets 30 February be 1 March.
  const isInCalendar = Number(iso.slice(8, 10)) <= daysIn(Number(iso.slice(0, 4)), Number(iso.slice(5, 7)));
  if (!isInCalendar || Number.isNaN(moment.getTime())) {
    throw new BadField(`its ${column} "${text.slice(0, 40)}" is no moment`);
  }
  return moment;
}

export function orNull(text: string): string | null {
  return text === '' ? null : text;
}

/** @param month  1 to 12 */
function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}
